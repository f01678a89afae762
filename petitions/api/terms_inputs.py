"""What machines send for the acts that move a limit."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework.api.inputs import ActSerializer, Text
from petitions import codes
from petitions.actions.terms import SIMPLE_OUTCOMES, Told
from petitions.api.serializers import PointResult
from petitions.models import Telling

#: Named for the OpenAPI schema, which has other fields called `way` and `outcome`.
TOLD_WAYS = Telling.Way.choices
SIMPLE_RESULTS = [outcome.value for outcome in SIMPLE_OUTCOMES]


class ExtensionInput(ActSerializer):
    days = serializers.IntegerField(min_value=1, max_value=365, help_text="延长天数，不超过30日")
    reason = Text(300)
    key = Text(40, default="", allow_blank=True, help_text="期限代码；不填就是办理期限，其他期限依法不能延期")


class SuspendInput(ActSerializer):
    ground = serializers.ChoiceField(codes.SUSPENSION_GROUNDS.choices)
    words = Text(300)
    evidence = Text(300)
    expected_until_on = serializers.DateField()


class SetExpectedInput(ActSerializer):
    expected_until_on = serializers.DateField()
    words = Text(300)


class ResumeInput(ActSerializer):
    words = Text(300)


class DecisionInput(ActSerializer):
    words = Text(300)


class OptionalDecisionInput(ActSerializer):
    words = Text(300, default="", allow_blank=True)


class ToldInput(serializers.Serializer[Told]):
    """How the person was told: way, time, person, number (L-SIM-5)."""

    way = serializers.ChoiceField(TOLD_WAYS)
    at = serializers.DateTimeField()
    person = Text(40, default="", allow_blank=True)
    number = Text(40, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> Told:
        return Told(**attrs)


class AcceptSimpleInput(ActSerializer):
    ground = serializers.ChoiceField(codes.SIMPLE_GROUNDS.choices)
    is_supportable = serializers.BooleanField(help_text="不会对诉求不予支持")
    is_outside_procedures = serializers.BooleanField(help_text="没有进入、也不应通过法定行政程序处理")
    words = Text(500)
    told = ToldInput()


class AnswerSimpleInput(ActSerializer):
    results = PointResult(many=True, max_length=60)  # type: ignore[call-arg]  # goes to the list
    text = Text(5000)
    outcome = serializers.ChoiceField(SIMPLE_RESULTS)
    told = ToldInput()

    def validate_results(self, rows: list[dict[str, Any]]) -> dict[int, tuple[str, str, str]]:
        return {row["no"]: (row["support"], row["result"], row["ground"]) for row in rows}


class ConvertInput(ActSerializer):
    words = Text(300)
    told = ToldInput()
