"""What a person types to send a petition to mediation, or to return what was referred here."""

from __future__ import annotations

from typing import Any

from django import forms

from casework import kinds, referrals
from casework.actforms import prose
from organisations import directory
from organisations.roles import Role
from petitions.forms.acts.form import ActForm
from petitions.queries.case import CasePage

TO = "dispute"


class ReferForm(ActForm):
    sort = forms.ChoiceField(label="纠纷类型", error_messages={"required": "请确认纠纷类型。"}, help_text="按信访分类推荐，请确认。")
    opponent = forms.CharField(
        label="乙方（对方当事人）",
        max_length=60,
        error_messages={"required": "请写明与信访人发生纠纷的人或者单位。"},
        help_text="信访人为甲方。",
    )
    is_organisation = forms.BooleanField(label="乙方是单位", required=False)
    is_agreed = forms.BooleanField(label="已征得信访人同意", required=False, help_text="不愿意的不得调解；乙方是否愿意由调解组织征询。")
    desk = forms.ChoiceField(label="转给", required=False, help_text="县中心可以直接转便民巡回法庭；其余的先由村（社区）调处。")
    reason = prose("转办理由", rows=3, longest=200)

    def starting(self, held: CasePage) -> dict[str, Any]:
        petition = held.petition
        unit = directory.current().units.get(petition.respondent_unit_id or 0)
        propose = kinds.get(TO).usual_sort
        return {
            "sort": propose(referrals.top_class(held.case)) if propose else "",
            "opponent": petition.respondent_name or (unit.name if unit else ""),
            "is_organisation": bool(unit and not petition.respondent_name),
        }

    def prepare(self) -> None:
        kind = kinds.get(TO)
        self.fields["sort"].choices = [("", "请选择"), *kind.referral_sorts]  # type: ignore[attr-defined]
        # Only who stands for the centre holds what the court desk is given from there.
        is_centre = self.scope.holds({Role.OFFICE, Role.HEAD}, directory.current().centre_id) is not None
        self.fields["desk"].choices = [("", "调解组织"), *(kind.referral_desks if is_centre else ())]  # type: ignore[attr-defined]


class ReturnReferralForm(ActForm):
    reason = prose("退回理由", rows=3, longest=200)
