"""What the auditor and the asked units type, checked for shape; and from which cases a sample is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from casework.actforms import day, prose, unit
from casework.queries import filters
from casework.rules import NotAllowed
from casework.views.lists import words_of
from casework.widgets import styled
from organisations.models import AccessEntry
from organisations.queries.access_log import Sought
from organisations.rules import SENSIBLE_DAYS
from organisations.scope import Scope
from reports.audit import queries, returns, rules
from reports.audit.actions import Desk
from reports.forms import selection
from reports.models import Sample, WorkingPaper
from reports.queries import behind
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES


def _bounded(field: forms.Field) -> forms.Field:
    """A day of the county's own time."""
    field.validators = [*field.validators, *SENSIBLE_DAYS]
    return field


class Dressed(forms.Form):
    """A form whose fields look as everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


# -- populations ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Population:
    """What a sample is drawn from: in words, as an address, and the cases found now."""

    source: str
    query: str
    case_ids: Sequence[int]


def _where(data: QueryDict, scope: Scope) -> Selection:
    """The selection in the address. Raises NotAllowed (422) with what is wrong in it."""
    form = selection.bound(data)
    if not form.is_valid():
        raise NotAllowed("".join(str(text) for texts in form.errors.values() for text in texts), code="wrong_selection", status=422)
    return form.selection(scope)


def _of_doubt(data: QueryDict, scope: Scope) -> Population:
    doubt = queries.doubts().get(data.get("code", ""))
    if doubt is None:
        raise NotAllowed("没有这项疑点。", code="no_doubt", status=422)
    where = _where(data, scope)
    query = urlencode({"from": "doubt", "code": doubt.code}) + "&" + selection.query(where)
    return Population(f"疑点“{doubt.name}”，{where.period.label}", query, queries.doubted(doubt, where, scope))


def _of_measure(data: QueryDict, scope: Scope) -> Population:
    asked = selection.NumberForm(data)
    if not asked.is_valid():
        raise NotAllowed("".join(str(text) for texts in asked.errors.values() for text in texts), code="no_measure", status=422)
    where = _where(data, scope)
    code, part = asked.cleaned_data["m"], asked.cleaned_data["part"] or "counted"
    found = list(behind.told(code, part, where).values_list("pk", flat=True))
    words = f"指标“{MEASURES[code].name}”（{dict(selection.PARTS)[part]}），{where.period.label}"
    return Population(words, "from=measure&" + selection.number_query(where, code, part), found)


def _of_list(data: QueryDict, scope: Scope) -> Population:
    wanted = filters.read(data)
    query = urlencode([("from", "list"), *((name, value) for name in data for value in data.getlist(name) if name != "from")])
    return Population("案件清单：" + words_of(wanted), query, queries.listed(scope, wanted))


_SOURCES = {"doubt": _of_doubt, "measure": _of_measure, "list": _of_list}


def population(data: QueryDict, scope: Scope) -> Population:
    """The cases an address speaks of. Raises NotAllowed (422) for one nobody can read."""
    queries.auditor(scope)
    source = _SOURCES.get(data.get("from", ""))
    if source is None:
        raise NotAllowed("请从疑点清单、指标清单或者案件清单进入抽样。", code="no_source", status=422)
    return source(data, scope)


class DrawForm(Dressed):
    title = forms.CharField(label="抽样名称", max_length=80, error_messages={"required": "请写抽样名称。"})
    size = forms.IntegerField(label="样本数", min_value=1, max_value=rules.MOST_SAMPLED, initial=10)
    method = forms.ChoiceField(label="方法", choices=Sample.Method.choices, initial=Sample.Method.SIMPLE)
    seed_way = forms.ChoiceField(label="种子来源", choices=Sample.SeedWay.choices, initial=Sample.SeedWay.SEAL)
    seed = forms.CharField(label="种子", required=False, max_length=80, help_text="人工给定时填写，如当日公证抽出的号码；用日封时不填。")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("seed_way") == Sample.SeedWay.GIVEN and not cleaned.get("seed", "").strip():
            self.add_error("seed", "人工给定的，请写种子。")
        return cleaned


# -- papers and questions ---------------------------------------------------------------------------------------------------

_NUMBERS = re.compile(r"[\s,，、;；]+")


#: A moment to the microsecond, as a hidden field carries it.
_MOMENT = "%Y-%m-%dT%H:%M:%S.%f%z"


class PaperForm(Dressed):
    verdict = forms.ChoiceField(label="结论", choices=[("", "未填写"), *rules.VERDICTS], required=False)
    words = prose("情况", required=False, rows=5, longest=4000)
    evidence = forms.CharField(label="依据的历史记录", required=False, max_length=200, help_text="写记录序号，用顿号或空格分开，如 3、7。")
    desk = forms.RegexField("^[0-9a-f]{16}$", widget=forms.HiddenInput)
    opened_at = forms.DateTimeField(widget=forms.HiddenInput, input_formats=[_MOMENT])

    def clean_evidence(self) -> list[int]:
        found = [part for part in _NUMBERS.split(self.cleaned_data["evidence"].strip()) if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in found):
            raise forms.ValidationError("记录序号只能是数字，用顿号或空格分开。")
        return [int(part) for part in found]

    @classmethod
    def opened(cls, paper: WorkingPaper, desk: str, at: datetime) -> PaperForm:
        """The form as a window shows it first."""
        evidence = "、".join(str(no) for no in paper.evidence)
        start = {"verdict": paper.verdict, "words": paper.words, "evidence": evidence, "desk": desk, "opened_at": at.strftime(_MOMENT)}
        return cls(initial=start)

    def shown_again(self, at: datetime) -> None:
        """Both texts are on the page now: what is saved from here on is meant."""
        self.data = {name: self.data.get(name) for name in self.data} | {"opened_at": at.strftime(_MOMENT)}

    def written(self) -> dict[str, Any]:
        """What was typed, and in which window."""
        typed = dict(self.cleaned_data)
        return typed | {"desk": Desk(typed.pop("desk"), typed.pop("opened_at"))}


class SignForm(Dressed):
    conclusion = prose("总的结论", rows=5, longest=4000)


class AskForm(Dressed):
    unit_id = unit("询问单位")
    number = forms.CharField(label="案件编号", required=False, max_length=24, help_text="不针对具体案件的，不填。")
    subject = forms.CharField(label="事由", max_length=80, error_messages={"required": "请写事由。"})
    words = prose("询问内容", rows=5, longest=2000)
    days = forms.IntegerField(label="答复期限（工作日）", min_value=1, max_value=rules.MOST_ANSWER_DAYS, initial=rules.ANSWER_DAYS)


class AnswerForm(Dressed):
    words = prose("答复", rows=5, longest=4000)


class AcceptForm(Dressed):
    words = prose("确认意见", rows=2, longest=500)


class AgainForm(Dressed):
    """Stands below AcceptForm: its labels and errors must not lead to that one's field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="again_%s", **kwargs)

    words = prose("还要说明什么", rows=4, longest=2000)
    days = forms.IntegerField(label="答复期限（工作日）", min_value=1, max_value=rules.MOST_ANSWER_DAYS, initial=3)


# -- the return -------------------------------------------------------------------------------------------------------------


class CellForm(forms.Form):
    stage = forms.ChoiceField(choices=[(name, name) for name in returns.LADDER], required=False)
    type = forms.RegexField("^TJ[0-9]{2}$", required=False)
    band = forms.ChoiceField(choices=[(band.code, band.name) for band in returns.BANDS], required=False)
    settled = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


# -- searching --------------------------------------------------------------------------------------------------------------


class IntegrityForm(Dressed):
    since = _bounded(day("自"))
    until = _bounded(day("至"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", "结束日期不能早于开始日期。")
        return cleaned


class TraceForm(Dressed):
    event = forms.ChoiceField(label="事件", required=False)
    person = forms.CharField(label="人员", required=False, max_length=40)
    words = forms.CharField(label="对象", required=False, max_length=60)
    from_on = _bounded(day("自", required=False))
    until_on = _bounded(day("至", required=False))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(AccessEntry.Event.choices)
        self.fields["event"].choices = [("", "全部"), *((code, labels[code]) for code in queries.EVENTS)]  # type: ignore[attr-defined]

    def sought(self) -> Sought:
        return Sought(**{name: value for name, value in self.cleaned_data.items() if value and name != "person"})
