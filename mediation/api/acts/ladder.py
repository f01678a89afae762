"""The acts of the ladder: input and action."""

from __future__ import annotations

from rest_framework import serializers

from casework.api import Act
from casework.api.inputs import ActSerializer, NoteInput, OptionalWordsInput, Person, ReasonInput, Text, WordsInput
from mediation import codes
from mediation.actions import keeping, ladder
from mediation.models import Dispute


class AcceptInput(ActSerializer):
    is_willing = serializers.BooleanField()
    words = Text(500, default="", allow_blank=True)


class DisputeDeclineInput(ActSerializer):
    reason = Text(1000)
    routes = serializers.ListField(child=serializers.ChoiceField([code for code in codes.WAYS if code != "mediated"]), max_length=5)


class AssessInput(ActSerializer):
    difficulty = serializers.ChoiceField(codes.DIFFICULTIES.choices)
    scale = serializers.ChoiceField(codes.SCALES.choices)
    risk = serializers.ChoiceField(Dispute.Risk.choices, default="", allow_blank=True)
    facts = serializers.ListField(child=Text(200), max_length=6, default=list)
    review_on = serializers.DateField(allow_null=True, default=None)


class AlarmInput(ActSerializer):
    facts = Text(500)
    measures = Text(500)
    police = Text(120)
    told_at = serializers.DateTimeField()


class LeapInput(ActSerializer):
    to_step = serializers.IntegerField(min_value=2, max_value=6)
    urgency = Text(500)
    reason = Text(1000)


class NameMediatorInput(ActSerializer):
    to_user_id = Person(required=False, allow_null=True, default=None)
    mediator_id = Person(required=False, allow_null=True, default=None)
    reason = Text(500)


class DisputeAmendInput(ActSerializer):
    reason = Text(200)
    title = Text(80, required=False)
    type_code = serializers.ChoiceField(codes.TYPES.choices, required=False)
    story = Text(5000, required=False)
    demand = Text(1000, required=False, allow_blank=True)
    place = Text(120, required=False, allow_blank=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True)
    people_count = serializers.IntegerField(min_value=2, max_value=100_000, required=False)


ACTS: dict[str, Act] = {
    "accept": (AcceptInput, ladder.accept),
    "decline": (DisputeDeclineInput, ladder.decline),
    "assess": (AssessInput, ladder.assess),
    "alarm": (AlarmInput, ladder.alarm),
    "fail": (WordsInput, ladder.fail),
    "retry": (OptionalWordsInput, ladder.retry),
    "offer": (ReasonInput, ladder.offer),
    "leap": (LeapInput, ladder.leap),
    "take": (OptionalWordsInput, ladder.take),
    "give_back": (WordsInput, ladder.give_back),
    "recall": (OptionalWordsInput, ladder.recall),
    "call_off": (WordsInput, ladder.call_off),
    "name_mediator": (NameMediatorInput, ladder.name_mediator),
    "note": (NoteInput, keeping.note),
    "amend": (DisputeAmendInput, keeping.amend),
    "void": (ReasonInput, ladder.void),
}
