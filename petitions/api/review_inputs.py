"""What machines send for the acts of the review chain. Shape only; the rules decide in the actions."""

from __future__ import annotations

from rest_framework import serializers

from casework.api.inputs import ActSerializer, Text, UnitField
from casework.rules import Outcome
from petitions import codes
from petitions.rules import chain

_OUTCOMES = [(o.value, o.label) for o in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.REFUSED)]


class SeekReviewInput(ActSerializer):
    request = Text(2000)
    grounds = Text(5000)
    received_on = serializers.DateField(required=False, allow_null=True, default=None)
    posted_on = serializers.DateField(required=False, allow_null=True, default=None)
    organ_id = UnitField(required=False, allow_null=True, default=None)
    organ_name = Text(80, default="", allow_blank=True)
    late_reason = Text(300, default="", allow_blank=True)


class RedirectReviewInput(ActSerializer):
    words = Text(500)
    organ_id = UnitField(required=False, allow_null=True, default=None)
    organ_name = Text(80, default="", allow_blank=True)


class AcceptReviewInput(ActSerializer):
    words = Text(500, default="", allow_blank=True)
    late_words = Text(300, default="", allow_blank=True)


class _Opinion(ActSerializer):
    words = Text(10_000)
    changed_to = Text(5000, default="", allow_blank=True)
    outcome = serializers.ChoiceField(_OUTCOMES, default="", allow_blank=True)
    redo_days = serializers.IntegerField(min_value=1, max_value=chain.MOST_REDO_DAYS, required=False, allow_null=True, default=None)
    remedy_unit = Text(80, default="", allow_blank=True)


class DraftReviewInput(_Opinion):
    facts = Text(10_000)
    conclusion = serializers.ChoiceField([(code, codes.REVIEW_CONCLUSIONS[code].name) for code in chain.OPINIONS])


class EnterReviewInput(_Opinion):
    facts = Text(10_000, default="", allow_blank=True)
    conclusion = serializers.ChoiceField(codes.REVIEW_CONCLUSIONS.choices)
    outside_number = Text(60)
    decided_on = serializers.DateField()


class CallHearingInput(ActSerializer):
    held_on = serializers.DateField()
    begins_at = serializers.TimeField()
    place = Text(80)
    chair = Text(30)
    panel = serializers.ListField(child=Text(30), min_length=chain.MIN_PANEL, max_length=7)
    attendees = Text(200)


class RecordHearingInput(ActSerializer):
    is_held = serializers.BooleanField()
    attendees = Text(200, default="", allow_blank=True)
    minutes = Text(20_000)
    conclusion = Text(5000, default="", allow_blank=True)
    is_public = serializers.BooleanField(default=False)
    excluded_from = serializers.DateField(required=False, allow_null=True, default=None)
    excluded_until = serializers.DateField(required=False, allow_null=True, default=None)


class FollowUpInput(ActSerializer):
    unit_id = UnitField()
    text = Text(300)
    due_on = serializers.DateField()


class FinishFollowUpInput(ActSerializer):
    task_id = serializers.IntegerField(min_value=1, max_value=2**62)
    result = Text(5000)
