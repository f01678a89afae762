"""What machines send for the acts on papers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework.api.inputs import ActSerializer, Text
from casework.models import Delivery


class Paper(serializers.IntegerField):
    """The key of one of the case's papers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **options)


class ServeInput(ActSerializer):
    document_id = Paper()
    way = serializers.ChoiceField(Delivery.Way.choices)
    attempted_on = serializers.DateField()
    posted_on = serializers.DateField(allow_null=True, default=None)
    delivered_on = serializers.DateField(allow_null=True, default=None)
    receiver = Text(40, default="", allow_blank=True)
    receiver_kind = serializers.ChoiceField(Delivery.Receiver.choices, default="", allow_blank=True)
    place = Text(120, default="", allow_blank=True)
    witnesses = Text(80, default="", allow_blank=True)
    proof = Text(200, default="", allow_blank=True)
    words = Text(200, default="", allow_blank=True)
    is_agreed = serializers.BooleanField(default=False)


class Change(serializers.Serializer[tuple[str, str]]):
    wrong = Text(500)
    right = Text(500)

    def to_internal_value(self, data: Any) -> tuple[str, str]:
        typed = super().to_internal_value(data)
        return typed["wrong"], typed["right"]


class CorrectPaperInput(ActSerializer):
    document_id = Paper()
    changes = serializers.ListField(child=Change(), min_length=1, max_length=20)
    reason = Text(200)


class SettleInput(ActSerializer):
    other = Text(120)
    facts = Text(2000)
    terms = Text(3000)
    performance = Text(1000)
    presided_by = Text(40)
