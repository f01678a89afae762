"""What machines get of a case of any kind."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework import kinds, lamps
from organisations import clock


class CaseRow(serializers.Serializer[Any]):
    """One case as lists show it."""

    number = serializers.CharField()
    title = serializers.CharField()
    subject = serializers.CharField(help_text="信访人")
    state = serializers.CharField()
    state_label = serializers.SerializerMethodField()
    stage = serializers.IntegerField()
    topic_code = serializers.CharField()
    topic = serializers.CharField()
    area = serializers.CharField(source="area.name")
    unit_id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.short_name")
    handler = serializers.CharField(source="handler.name", default=None, allow_null=True)
    opened_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    lamp = serializers.SerializerMethodField(help_text="ok、warn、bad、off、hold、none")
    lamp_words = serializers.SerializerMethodField(help_text="时限")
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    urgency = serializers.IntegerField()
    headcount = serializers.IntegerField()
    confidential = serializers.BooleanField()
    marks = serializers.ListField(child=serializers.CharField())

    def get_state_label(self, case: Any) -> str:
        return kinds.get(case.kind).states[case.state]

    def get_lamp(self, case: Any) -> str:
        return lamps.of(case, clock.now()).kind

    def get_lamp_words(self, case: Any) -> str:
        return lamps.of(case, clock.now()).text


class PartyRow(serializers.Serializer[Any]):
    """A person on a case; numbers masked, here as everywhere (L-SEC-39)."""

    no = serializers.IntegerField()
    position = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    id_masked = serializers.CharField()
    phone_masked = serializers.CharField()
    address = serializers.CharField()


class EntryRow(serializers.Serializer[Any]):
    """One line of history with its place in the chain."""

    no = serializers.IntegerField()
    at = serializers.DateTimeField()
    happened_at = serializers.DateTimeField()
    act = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the line's words, not DRF's
    by_label = serializers.CharField()
    on_behalf_of = serializers.CharField(source="on_behalf_of.name", default=None, allow_null=True)
    text = serializers.CharField()
    detail = serializers.JSONField()
    is_internal = serializers.BooleanField()
    prev_hash = serializers.CharField()
    hash = serializers.CharField()
