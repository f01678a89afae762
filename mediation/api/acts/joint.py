"""The acts of bodies together: input and action."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework import kinds
from casework.api import Act
from casework.api.inputs import ActSerializer, OptionalWordsInput, Person, ReasonInput, Text, UnitField, WordsInput
from mediation import codes
from mediation.actions import joint
from mediation.models import BodyReferral, Side

#: Named for the OpenAPI schema, which has other fields of these names.
SIDE_LETTERS = Side.Letter.choices
OTHER_WAYS = [code for code in codes.WAYS if code != "mediated"]
BODY_CODES = codes.BODIES.choices
BODY_RESULTS = BodyReferral.Result.choices[1:]


class ReferBodyInput(ActSerializer):
    body = serializers.ChoiceField(BODY_CODES)
    to_unit_id = UnitField(allow_null=True, default=None)
    outside = Text(80, default="", allow_blank=True)
    consent = Text(300)
    reason = Text(500)


class ReportBodyInput(ActSerializer):
    result = serializers.ChoiceField(BODY_RESULTS)
    way = serializers.ChoiceField(OTHER_WAYS, default="", allow_blank=True)
    ended_on = serializers.DateField(allow_null=True, default=None)
    words = Text(1000)


class ConsultInput(ActSerializer):
    held_at = serializers.DateTimeField()
    place = Text(80)
    member_ids = serializers.ListField(child=Person(), max_length=40, default=list)
    outside = serializers.ListField(child=Text(40), max_length=20, default=list)
    minutes = Text(4000)
    conclusion = Text(1000)


class AssignInput(ActSerializer):
    to_user_id = Person()
    relation = serializers.ChoiceField(codes.BONDS.choices)
    letter = serializers.ChoiceField(SIDE_LETTERS)
    reason = Text(300)


class ReferPetitionInput(ActSerializer):
    sort = serializers.CharField(max_length=6, help_text="信访一级分类代码")
    reason = Text(200)

    def validate_sort(self, value: str) -> Any:
        if value not in dict(kinds.get("petition").referral_sorts):
            raise serializers.ValidationError("没有这个信访分类。")
        return value


ACTS: dict[str, Act] = {
    "refer_body": (ReferBodyInput, joint.refer_body),
    "accept_body": (OptionalWordsInput, joint.accept_body),
    "return_body": (WordsInput, joint.return_body),
    "recall_body": (WordsInput, joint.recall_body),
    "report_body": (ReportBodyInput, joint.report_body),
    "consult": (ConsultInput, joint.consult),
    "assign": (AssignInput, joint.assign),
    "refer_petition": (ReferPetitionInput, joint.refer_petition),
    "return_referral": (ReasonInput, joint.return_referral),
}
