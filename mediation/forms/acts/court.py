"""Forms of the court desk."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.actforms import day, prose, unit
from mediation import codes
from mediation.forms.acts.form import ActForm
from mediation.queries import court as queries
from mediation.queries.dispute import CasePage
from organisations import clock


class ReferCourtForm(ActForm):
    to_unit_id = unit("法院")
    is_wanted = forms.BooleanField(label="当事人愿意由便民巡回法庭处理", required=False)
    reason = prose("移送理由", rows=3)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"to_unit_id": queries.court_unit_id()}


class RecordCourtForm(ActForm):
    stage = forms.ChoiceField(label="阶段", choices=lambda: codes.COURT_STAGES.choices)
    on = day("日期")
    staff = forms.CharField(label="法庭人员", max_length=80, error_messages={"required": "请填写法庭人员姓名。"})
    words = prose("情况", rows=4, longest=1000, help_text="做了什么、当事人怎么说、是否先行调解。")
    court_number = forms.CharField(label="案号", max_length=60, required=False, help_text="立案后填写。")
    fee_waived = forms.DecimalField(label="免收诉讼费（元）", required=False, max_digits=10, decimal_places=2, min_value=0)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"on": clock.today()}


class ReturnFromCourtForm(ActForm):
    result = forms.ChoiceField(
        label="结果", choices=lambda: [("", "请选择"), *codes.COURT_RESULTS.choices], error_messages={"required": "请选择结果。"}
    )
    ended_on = day("办结日期")
    words = prose("办理情况", rows=4, longest=1000)

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"ended_on": clock.today()}
