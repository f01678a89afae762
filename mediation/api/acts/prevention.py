"""The act of what was prevented: input and action."""

from __future__ import annotations

from rest_framework import serializers

from casework.api import Act
from casework.api.inputs import ActSerializer, Text
from mediation.actions import prevention
from mediation.models import Dispute


class PreventInput(ActSerializer):
    prevented = serializers.ChoiceField([choice for choice in Dispute.Prevented.choices if choice[0]])
    facts = Text(300)


ACTS: dict[str, Act] = {"prevent": (PreventInput, prevention.prevent)}
