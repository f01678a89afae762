"""What is typed about rounds: the report on a phone, the ways a finding ends, a special round, the rhythm."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from casework.actforms import day, describe_area, prose, resolve_area, unit
from casework.widgets import Typeahead, TypeaheadField, styled
from mediation import codes
from mediation.forms.intake import Registration
from mediation.models import Finding, Round
from mediation.screening import rules
from mediation.screening.actions import Call, Found, Report
from mediation.screening.rules import DueUnit, Occasion, Rhythm, Sign
from organisations import clock, directory
from organisations.models import Unit
from organisations.scope import Scope

#: Rows for findings on one report; who found more writes the rest into a special round.
ROWS = 5


class ReportForm(forms.Form):
    """Who went where, when, how many households. The same for «未发现» and «发现了»."""

    who = forms.CharField(label="谁去的", max_length=120, error_messages={"required": "请写明谁去排查的。"})
    place = forms.CharField(
        label="走访了哪里",
        max_length=200,
        error_messages={"required": "请写明走访了哪里。"},
    )
    households = forms.IntegerField(
        label="走访户数",
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    visited_on = day("走访日期")
    visited_at = forms.TimeField(label="时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    words = prose("其他情况", required=False, rows=2, longest=500)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, visited: rules.Visited, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["place"].widget.attrs["placeholder"] = visited.where
        self.fields["households"].label = visited.label
        self.fields["households"].error_messages["required"] = f"请填写走访了多少{visited.word}。"
        styled(self)


class FindingForm(forms.Form):
    """One thing that was found."""

    what = prose("什么事", required=False, rows=2, longest=500)
    people = forms.CharField(
        label="涉及的人（大概）",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "如：张某与李某（邻居）", "autocomplete": "off"}),
    )
    type_code = forms.ChoiceField(label="纠纷类型", required=False, choices=lambda: [("", "请选择"), *codes.TYPES.choices])
    area = TypeaheadField(
        label="村（社区）",
        resolve=resolve_area,
        required=False,
        widget=Typeahead("casework:lookup-areas", describe_area, {"placeholder": "村名或拼音首字母"}),
    )
    place = forms.CharField(label="详细地点", max_length=120, required=False)
    signs = forms.MultipleChoiceField(label="风险苗头", required=False, choices=Sign.choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        return not any(data.get(name) for name in ("what", "people", "type_code", "place", "signs"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_blank:
            return data
        for name, words in (
            ("what", "请写明是什么事。"),
            ("people", "请写明大概涉及谁。"),
            ("type_code", "请选择纠纷类型。"),
            ("area", "请选择村（社区）。"),
        ):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        return data

    def found(self) -> Found:
        data = self.cleaned_data
        return Found(data["what"], data["people"], data["area"], data["type_code"], data["place"], tuple(data["signs"]))


FindingForms = forms.formset_factory(FindingForm, extra=0, min_num=ROWS, max_num=ROWS, absolute_max=ROWS)


class ReportPage:
    """The whole report: the visit and, when something was found, what."""

    def __init__(self, row: Round, by: Scope, *, found: bool, data: QueryDict | None = None, draft: dict[str, Any] | None = None) -> None:
        self.row, self.has_findings, self.refusal = row, found, ""
        area = directory.current().units[row.unit_id].area_id
        village = str(area) if area is not None and directory.current().areas[area].level == "village" else ""
        start = {"who": by.user.name, "visited_on": clock.today(), "submission": uuid4()}
        rows = [{"area": village} for _ in range(ROWS)]
        if draft:
            start.update({name: draft[name][-1] for name in ReportForm.base_fields if draft.get(name) and name != "submission"})
            for no, initial in enumerate(rows):
                typed = {name: draft.get(f"found-{no}-{name}") for name in FindingForm.base_fields}
                initial.update({name: value if name == "signs" else value[-1] for name, value in typed.items() if value})
        self.form = ReportForm(data, initial=start, visited=rules.visited(row.unit.kind))
        self.findings = FindingForms(data, prefix="found", initial=rows) if found else None

    def is_valid(self) -> bool:
        valid = [self.form.is_valid()]
        if self.findings is not None:
            valid.append(self.findings.is_valid())
            if all(valid) and all(row.is_blank for row in self.findings.forms):
                self.findings.forms[0].add_error("what", "请至少写一项；没有发现问题的，请返回选“未发现”。")
                valid.append(False)
        return all(valid)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, sentence), in the order of the page."""
        found = [(self.form[name].id_for_label, str(errors[0])) for name, errors in self.form.errors.items()]
        for no, row in enumerate(self.findings.forms if self.findings is not None else (), start=1):
            found += [(row[name].id_for_label, f"第{no}项：{errors[0]}") for name, errors in row.errors.items()]
        return found

    def report(self) -> Report:
        data = self.form.cleaned_data
        rows = self.findings.forms if self.findings is not None else []
        return Report(**data, found=tuple(row.found() for row in rows if not row.is_blank))


class SettleForm(forms.Form):
    """当场化解."""

    words = prose("怎样化解的", rows=3, longest=500, help_text="写明做了什么工作、当事人是否认可。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)


def registration(finding: Finding) -> Registration:
    """The dispute's own form, filled with what the round found; every word can be changed."""
    page = Registration()
    source = f"{finding.round.unit.short_name}{finding.round.title}排查发现。"
    signs = f"风险苗头：{'、'.join(finding.sign_words)}。" if finding.signs else ""
    page.form.initial.update(
        {
            "title": finding.what.splitlines()[0][:60],
            "type_code": finding.type_code,
            "area": str(finding.area_id),
            "place": finding.place,
            "source": "2",
            "received_on": finding.round.visited_on or clock.today(),
            "story": "\n".join(part for part in (finding.what, signs, source) if part),
        }
    )
    for name, person in zip(rules.names(finding.people), page.people.forms, strict=False):
        person.initial["name"] = name
    return page


class CampaignForm(forms.Form):
    """专项排查."""

    name = forms.CharField(label="名称", max_length=60, help_text="如：春节前欠薪专项排查")
    occasion = forms.ChoiceField(label="类别", choices=Occasion.choices)
    focus = prose("排查重点", rows=3, longest=500)
    from_on = day("开始日期")
    until_on = day("结束日期")
    due_on = day("上报截止日")
    wholes = forms.MultipleChoiceField(label="整类单位", required=False, widget=forms.CheckboxSelectMultiple)
    units = forms.MultipleChoiceField(label="排查单位", required=False, widget=forms.CheckboxSelectMultiple)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, below: int, **kwargs: Any) -> None:
        today = clock.today()
        initial = {"from_on": today, "submission": uuid4()}
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        tree = directory.current()
        self.below = [unit for unit in tree.below(below) if unit.is_active and unit.kind in rules.SHIPPED]
        self.fields["units"].choices = [(str(unit.id), unit.short_name) for unit in self.below]  # type: ignore[attr-defined]
        kinds = [kind for kind in Unit.Kind if any(unit.kind == kind for unit in self.below) and kind != Unit.Kind.CENTRE]
        self.fields["wholes"].choices = [(kind.value, f"全部{kind.label}") for kind in kinds]  # type: ignore[attr-defined]
        styled(self)

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes of each town with its villages, those of centre and departments together."""
        tree = directory.current()
        found: dict[str, list[Any]] = {}
        for one, box in zip(self.below, self["units"], strict=True):
            branch = tree.units[rules.branch(tree, one.id)]
            name = branch.short_name if branch.kind == Unit.Kind.STATION else "县中心和县直部门"
            found.setdefault(name, []).append(box)
        return list(found.items())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kinds = data.get("wholes") or []
        chosen = [int(i) for i in data.get("units") or []] + [unit.id for unit in self.below if unit.kind in kinds]
        if not chosen and "units" not in self.errors:
            self.add_error("units", "请选择要排查的单位。")
        return {**data, "unit_ids": tuple(dict.fromkeys(chosen))}

    def call(self) -> Call:
        names = ("name", "occasion", "focus", "from_on", "until_on", "due_on", "submission", "unit_ids")
        return Call(**{name: self.cleaned_data[name] for name in names})


class RhythmForm(forms.Form):
    """A new version of a rhythm."""

    kind = forms.ChoiceField(
        label="单位类型", required=False, choices=[("", "（按单位设置）"), *(c for c in Unit.Kind.choices if c[0] != Unit.Kind.ABOVE)]
    )
    unit = unit("或者某一单位", required=False)
    rhythm = forms.ChoiceField(label="排查周期", choices=[c for c in Rhythm.choices if c[0] != Rhythm.SPECIAL])
    due_days = forms.IntegerField(label="周期结束后几日内上报", min_value=0, max_value=15, initial=0, help_text="0 为周期的最后一天")
    due_unit = forms.ChoiceField(label="怎样计算", choices=[(DueUnit.CALENDAR, "按日历日"), (DueUnit.WORKING, "按工作日")])
    valid_from = day("自何日起施行", help_text="今天或以后；已经开启的轮次不变。")
    reason = forms.CharField(label="修改原因", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        styled(self)

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        schedule = rules.Schedule(data["rhythm"], data["due_days"], data["due_unit"])
        return {"kind": data["kind"], "unit_id": data["unit"], "schedule": schedule, "valid_from": data["valid_from"], "reason": data["reason"]}
