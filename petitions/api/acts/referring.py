"""The acts between petitions and other kinds of case: input and action."""

from __future__ import annotations

from rest_framework import serializers

from casework import kinds
from casework.api import Act
from casework.api.inputs import ActSerializer, Text
from petitions.actions import referring as actions


class ReferInput(ActSerializer):
    sort = serializers.CharField(max_length=6, help_text="纠纷类型代码")
    opponent = Text(60)
    is_organisation = serializers.BooleanField(default=False)
    is_agreed = serializers.BooleanField(help_text="已征得信访人同意")
    desk = serializers.CharField(max_length=20, default="", allow_blank=True, help_text="court 直接转便民巡回法庭")
    reason = Text(200)

    def validate_sort(self, value: str) -> str:
        if value not in dict(kinds.get("dispute").referral_sorts):
            raise serializers.ValidationError("没有这个纠纷类型。")
        return value

    def validate_desk(self, value: str) -> str:
        if value and value not in dict(kinds.get("dispute").referral_desks):
            raise serializers.ValidationError("没有这个去向。")
        return value


class ReturnReferralInput(ActSerializer):
    reason = Text(200)


ACTS: dict[str, Act] = {
    "refer": (ReferInput, actions.refer),
    "return_referral": (ReturnReferralInput, actions.return_referral),
}
