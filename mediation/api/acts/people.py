"""The acts of who mediates: input and action."""

from __future__ import annotations

from rest_framework import serializers

from casework.api import Act
from casework.api.inputs import ActSerializer, Person, Text
from mediation.actions import people
from mediation.models import Side, SideWord


class HearChoiceInput(ActSerializer):
    mediator_id = Person()
    letter = serializers.ChoiceField(Side.Letter.choices)
    answer = serializers.ChoiceField(SideWord.Answer.choices)
    words = Text(300, default="", allow_blank=True)


class FormTeamInput(ActSerializer):
    seat_ids = serializers.ListField(child=Person(), max_length=30)
    mediator_ids = serializers.ListField(child=Person(), max_length=20, default=list)
    user_ids = serializers.ListField(child=Person(), max_length=20, default=list)
    words = Text(500, default="", allow_blank=True)


class DisputeHandOverInput(ActSerializer):
    from_user_id = Person(required=False, allow_null=True, default=None)
    from_mediator_id = Person(required=False, allow_null=True, default=None)
    to_user_id = Person()
    words = Text(500)


ACTS: dict[str, Act] = {
    "hear_choice": (HearChoiceInput, people.hear_choice),
    "form_team": (FormTeamInput, people.form_team),
    "hand_over": (DisputeHandOverInput, people.hand_over),
}
