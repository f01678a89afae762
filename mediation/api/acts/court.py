"""The acts of the court desk: input and action."""

from __future__ import annotations

from rest_framework import serializers

from casework.api import Act
from casework.api.inputs import ActSerializer, Text, UnitField
from mediation import codes
from mediation.actions import court


class ReferCourtInput(ActSerializer):
    to_unit_id = UnitField()
    is_wanted = serializers.BooleanField(help_text="当事人愿意由法庭处理")
    reason = Text(500)


class RecordCourtInput(ActSerializer):
    stage = serializers.ChoiceField(codes.COURT_STAGES.choices)
    on = serializers.DateField()
    staff = Text(80)
    words = Text(1000)
    court_number = Text(60, default="", allow_blank=True)
    fee_waived = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, allow_null=True, default=None)


class ReturnFromCourtInput(ActSerializer):
    result = serializers.ChoiceField(codes.COURT_RESULTS.choices)
    ended_on = serializers.DateField()
    words = Text(1000)


ACTS: dict[str, Act] = {
    "refer_court": (ReferCourtInput, court.refer_court),
    "record_court": (RecordCourtInput, court.record_court),
    "return_from_court": (ReturnFromCourtInput, court.return_from_court),
}
