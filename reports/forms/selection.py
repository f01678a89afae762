"""What stands in the address of a page of figures: period, basis, place, unit, category, channel, person. And back again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from organisations import clock, directory
from organisations.rules import SENSIBLE_DAYS
from organisations.scope import Scope
from reports.queries import ground
from reports.queries.addresses import number_query, query
from reports.queries.figures import SPLITS, Selection
from reports.rules.measures import MEASURES
from reports.rules.periods import BASIS_LABELS, SPAN_LABELS, Basis, Period, Span, period_of

__all__ = ["PARTS", "NumberForm", "SelectionForm", "bound", "number_query", "query"]

PARTS = (("counted", "计入的全部"), ("met", "达到的"), ("missed", "未达到的"))


class SelectionForm(forms.Form):
    """The filters. An address somebody typed wrongly gets a sentence, never other figures than asked for."""

    span = forms.ChoiceField(label="期间", choices=[(span.value, label) for span, label in SPAN_LABELS.items()], required=False)
    since = forms.DateField(
        validators=SENSIBLE_DAYS, label="自", required=False, error_messages={"invalid": "开始日期请写成 2026-11-01 这样的形式。"}
    )
    until = forms.DateField(
        validators=SENSIBLE_DAYS, label="至", required=False, error_messages={"invalid": "结束日期请写成 2026-11-30 这样的形式。"}
    )
    basis = forms.ChoiceField(label="统计口径", choices=[(basis.value, label) for basis, label in BASIS_LABELS.items()], required=False)
    town = forms.CharField(label="乡镇（街道）", required=False, max_length=9)
    village = forms.IntegerField(label="村（社区）", required=False, min_value=1)
    unit = forms.IntegerField(label="单位", required=False, min_value=1)
    category = forms.CharField(label="分类", required=False, max_length=6)
    channel = forms.CharField(label="信访形式", required=False, max_length=3)
    handler = forms.IntegerField(label="承办人", required=False, min_value=1)
    outcome = forms.CharField(label="结果", required=False, max_length=12)
    level = forms.IntegerField(label="调处层级", required=False, min_value=0, max_value=6)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if cleaned.get("span") == Span.ANY and not (since or until) and not {"since", "until"} & set(self.errors):
            self.add_error("since", "自选期间要写开始日期和结束日期。")
        if (since or until) and not (since and until) and not {"since", "until"} & set(self.errors):
            self.add_error("until", "自选期间要同时写开始日期和结束日期。")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期。")
        if cleaned.get("unit") and cleaned["unit"] not in directory.current().units:
            self.add_error("unit", "没有这个单位。")
        return cleaned

    def selection(self, scope: Scope) -> Selection:
        """The selection this person may see. Raises NotAllowed (403) for who has no figures."""
        found = self.cleaned_data
        today = clock.today()
        if found.get("since") and found.get("until"):
            period = Period(found["since"], found["until"])
        else:
            period = period_of(Span(found.get("span") or Span.MONTH), today)
        tree = directory.current()
        unit = tree.units.get(found.get("unit") or 0)
        return Selection(
            period=period,
            on=min(period.until, today),
            ground=ground.of(scope),
            basis=Basis(found.get("basis") or Basis.OWN),
            town_code=found.get("town") or "",
            area_id=found.get("village"),
            unit_ids=tuple(u.id for u in tree.below(unit.id)) if unit else (),
            topic=found.get("category") or "",
            channel=found.get("channel") or "",
            handler_id=found.get("handler"),
            outcome=found.get("outcome") or "",
            level=found.get("level"),
        )


class NumberForm(forms.Form):
    """Which number of which measure somebody opens."""

    m = forms.ChoiceField(
        label="指标", choices=[(code, row.name) for code, row in MEASURES.items()], error_messages={"invalid_choice": "没有这个指标。"}
    )
    part = forms.ChoiceField(label="部分", choices=PARTS, required=False)


def bound(data: QueryDict) -> SelectionForm:
    return SelectionForm(data)


class FiguresForm(forms.Form):
    """Which figures a machine asks for, and by what they are split."""

    m = forms.MultipleChoiceField(
        label="指标",
        choices=[(code, row.name) for code, row in MEASURES.items()],
        error_messages={"required": "请至少写一个指标代码。", "invalid_choice": "没有这个指标：%(value)s。"},
    )
    by = forms.ChoiceField(
        label="分组",
        choices=[(code, name) for code, (name, _) in SPLITS.items()],
        required=False,
        error_messages={"invalid_choice": "不能这样分组。"},
    )
