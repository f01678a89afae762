"""What people type on the pages of pay, checked for shape."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from casework.actforms import day, prose
from casework.widgets import styled
from mediation import codes
from mediation.models import Mediator, PayStop, PayVerdict, YearAssessment
from mediation.pay.actions import NewRules
from mediation.pay.rules import SATISFACTION_WORDS, Settings

_MONTH = {"invalid": "月份看不懂，请写成 2026-11。", "required": "请选月份。"}


class Dressed(forms.Form):
    """A form whose fields look as everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


def _money(label: str, *, required: bool = True, least: int | None = 0) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=required, max_digits=8, decimal_places=2, min_value=least)


class DraftForm(Dressed):
    unit = forms.TypedChoiceField(label="单位", coerce=int)
    month = forms.DateField(label="月份", input_formats=["%Y-%m", "%Y%m", "%Y-%m-%d"], error_messages=_MONTH, widget=forms.DateInput(format="%Y-%m"))

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]


class NoWords(Dressed):
    """An act that needs nothing but the button."""


class ReturnForm(Dressed):
    words = prose("退回意见", rows=2, longest=300)


class CorrectForm(Dressed):
    of = forms.TypedChoiceField(label="更正哪一行", coerce=int)
    amount = _money("增加（减少写负数）的金额（元）", least=None)
    words = prose("更正的原因", rows=2, longest=200)

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = list(lines)  # type: ignore[attr-defined]


class VerdictForm(Dressed):
    verdict = forms.ChoiceField(label="核实结论", choices=PayVerdict.Verdict.choices)
    words = prose("核实情况", rows=3, longest=300, help_text="看了什么、问了谁、为什么是（不是）同一件。")


class PartsForm(Dressed):
    """Up to six people; empty rows are left out."""

    rows = 6

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *people]
        for no in range(1, self.rows + 1):
            self.fields[f"who_{no}"] = forms.TypedChoiceField(label=f"调解员{no}", coerce=int, empty_value=None, required=no == 1, choices=choices)
            self.fields[f"part_{no}"] = forms.IntegerField(label="份额（%）", min_value=1, max_value=100, required=no == 1)
        styled(self)

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"who_{no}"], self[f"part_{no}"]) for no in range(1, self.rows + 1)]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        parts: dict[int, int] = {}
        for no in range(1, self.rows + 1):
            who, part = found.get(f"who_{no}"), found.get(f"part_{no}")
            if (who is None) != (part is None):
                self.add_error(f"part_{no}", "人和份额要一起写。")
            elif who in parts:
                self.add_error(f"who_{no}", "同一个人只写一行。")
            elif who is not None and part is not None:
                parts[who] = part
        return {"parts": parts}


class WithholdForm(Dressed):
    mediator_id = forms.TypedChoiceField(label="调解员", coerce=int)
    year = forms.IntegerField(label="考核年度", min_value=2010, max_value=2099)
    from_on = day("停发之日")
    words = prose("考核情况", rows=2, longest=300)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator_id"].choices = list(people)  # type: ignore[attr-defined]


class AssessForm(Dressed):
    mediator_id = forms.TypedChoiceField(label="调解员", coerce=int)
    year = forms.IntegerField(label="考核年度", min_value=2010, max_value=2099)
    verdict = forms.ChoiceField(label="考核结果", choices=YearAssessment.Verdict.choices)
    from_on = day("不合格的，停发之日", required=False)
    words = prose("考核意见", rows=2, longest=300, help_text="办案数、调成数、培训天数、履职次数由系统从记录中附上。")

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator_id"].choices = list(people)  # type: ignore[attr-defined]


class ReleaseForm(Dressed):
    decision = forms.ChoiceField(label="处理决定", choices=PayStop.Release.choices)
    words = prose("恢复的理由", rows=2, longest=300)


class RulesForm(Dressed):
    """A new version of the rules of pay; filled with the version in force."""

    valid_from = day("施行日", help_text="今后某个月的1日，如 2027-01-01。")
    kinds = forms.MultipleChoiceField(label="领固定补贴的类别", choices=Mediator.Kind.choices, widget=forms.CheckboxSelectMultiple)
    least = _money("每件最低（元）")
    most = _money("每件最高（元）")
    month_cap = _money("每人每月案件补贴上限（元），不设则空", required=False)
    people_2 = forms.IntegerField(label="第二档：从几人起", min_value=2, max_value=999)
    factor_1 = forms.DecimalField(label="第一档系数", max_digits=4, decimal_places=2, min_value=Decimal("0.1"))
    factor_2 = forms.DecimalField(label="第二档系数", max_digits=4, decimal_places=2, min_value=Decimal("0.1"))
    people_3 = forms.IntegerField(label="第三档：从几人起", min_value=3, max_value=9999)
    factor_3 = forms.DecimalField(label="第三档系数", max_digits=4, decimal_places=2, min_value=Decimal("0.1"))
    is_oral_paid = forms.BooleanField(label="口头协议也计案件补贴", required=False)
    twin_days = forms.IntegerField(label="疑似重复：相隔不超过（天）", min_value=0, max_value=366)
    likeness = forms.DecimalField(label="疑似重复：文字相似达到（0—1）", max_digits=3, decimal_places=2, min_value=Decimal("0.3"), max_value=1)
    same_day = forms.IntegerField(label="同一人一天超过几件即核实", min_value=1, max_value=99)
    reason = forms.CharField(label="依据", max_length=200, help_text="如 县财政局、司法局某年某号文。")

    def __init__(self, *args: Any, now: Settings, **kwargs: Any) -> None:
        super().__init__(*args, initial=self._shown(now), **kwargs)
        self.grades = [(f"grade_{code or 'none'}", code, f"固定补贴：{label}（元/月）") for code, label in Mediator.Grade.choices]
        self.rates = [(f"rate_{row.code}", row.code, f"案件基数：{row.name}（元）") for row in codes.DIFFICULTIES.values()]
        self.likings = [(f"liking_{code}", code, f"满意度系数：{words}") for code, words in SATISFACTION_WORDS.items()]
        for name, code, label in self.grades:
            self.fields[name] = _money(label)
            self.initial[name] = now.subsidies.get(code)
        for name, code, label in self.rates:
            self.fields[name] = _money(label)
            self.initial[name] = now.rates[code]
        for name, code, label in self.likings:
            self.fields[name] = forms.DecimalField(label=label, max_digits=4, decimal_places=2, min_value=Decimal("0.1"))
            self.initial[name] = now.satisfaction[code]
        self.order_fields(["valid_from", "kinds", *(n for n, *_ in (*self.grades, *self.rates)), "factor_1", "people_2", "factor_2"])
        styled(self)

    @staticmethod
    def _shown(now: Settings) -> dict[str, Any]:
        (_, one), (two_from, two), (three_from, three) = now.people
        plain = ("least", "most", "month_cap", "is_oral_paid", "twin_days", "likeness", "same_day")
        steps = {"factor_1": one, "people_2": two_from, "factor_2": two, "people_3": three_from, "factor_3": three}
        return {**{name: getattr(now, name) for name in plain}, **steps, "kinds": sorted(now.kinds)}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        if found["people_3"] <= found["people_2"]:
            self.add_error("people_3", "第三档的人数要比第二档多。")
        if found["most"] < found["least"]:
            self.add_error("most", "每件最高不能低于最低。")
        settings = Settings(
            kinds=frozenset(found["kinds"]),
            subsidies={code: found[name] for name, code, _ in self.grades},
            rates={code: found[name] for name, code, _ in self.rates},
            people=((1, found["factor_1"]), (found["people_2"], found["factor_2"]), (found["people_3"], found["factor_3"])),
            satisfaction={code: found[name] for name, code, _ in self.likings},
            **{name: found[name] for name in ("least", "most", "month_cap", "is_oral_paid", "twin_days", "likeness", "same_day")},
        )
        return {"new": NewRules(found["valid_from"], found["reason"], settings)}
