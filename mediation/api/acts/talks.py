"""The acts of mediation itself: input and action."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework.api import Act
from casework.api.inputs import ActSerializer, Text
from mediation import codes
from mediation.actions import agreements, endings, mediators, talks
from mediation.actions.agreements import MOST_ITEMS, Owed
from mediation.actions.talks import MOST_POINTS, Called, Said, Signed
from mediation.models import AgreementItem, Challenge, Position, Session, SessionCall, Side, SignWay
from mediation.rules.talks import BREACH_ROUTES, MOST_DAYS

WAYS = [code for code in codes.WAYS if code != "mediated"]
#: Named for the OpenAPI schema, which has other fields called `kind`.
ITEM_KINDS, TALK_KINDS, CALL_WAYS = AgreementItem.Kind.choices, Session.Kind.choices, SessionCall.Way.choices


class Money(serializers.DecimalField):
    """Yuan, to the cent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=0, **options)


class SignedInput(serializers.Serializer[Signed]):
    party_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    way = serializers.ChoiceField(SignWay.choices, default=SignWay.SIGNED)

    def to_internal_value(self, data: Any) -> Any:
        return Signed(**super().to_internal_value(data))


class SaidInput(serializers.Serializer[Said]):
    letter = serializers.ChoiceField(Side.Letter.choices)
    points = serializers.ListField(child=Text(120), max_length=MOST_POINTS, default=list)
    wants = serializers.ChoiceField(Position.Wants.choices, default="", allow_blank=True)
    amount = Money(allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        return Said(**super().to_internal_value(data))


class OwedInput(serializers.Serializer[Owed]):
    kind = serializers.ChoiceField(ITEM_KINDS)
    debtor = serializers.ChoiceField(Side.Letter.choices)
    creditor = serializers.ChoiceField(Side.Letter.choices)
    what = Text(300)
    due_on = serializers.DateField()
    amount = Money(allow_null=True, default=None)
    way = Text(80, default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        return Owed(**super().to_internal_value(data))


class InformInput(ActSerializer):
    signed = SignedInput(many=True)
    on = serializers.DateField()


class ChallengeInput(ActSerializer):
    mediating_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    letter = serializers.ChoiceField(Side.Letter.choices)
    ground = serializers.ChoiceField(Challenge.Ground.choices)
    words = Text(500)
    raised_on = serializers.DateField()


class DecideChallengeInput(ActSerializer):
    is_upheld = serializers.BooleanField()
    words = Text(500)


class KindInput(ActSerializer):
    kind = serializers.ChoiceField(TALK_KINDS)
    letter = serializers.ChoiceField(Side.Letter.choices, default="", allow_blank=True)
    place = Text(80)
    is_closed = serializers.BooleanField(default=False)


class CalledInput(serializers.Serializer[Called]):
    party_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    way = serializers.ChoiceField(CALL_WAYS)

    def to_internal_value(self, data: Any) -> Any:
        return Called(**super().to_internal_value(data))


class PlanSessionInput(KindInput):
    planned_at = serializers.DateTimeField()
    called = CalledInput(many=True)
    invited = Text(300, default="", allow_blank=True)


class HoldSessionInput(KindInput):
    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    present = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=20)
    mediator_ids = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=20)
    recorder = Text(60, default="", allow_blank=True)
    guests = serializers.ListField(child=Text(60), max_length=20, default=list)
    is_agreed_to_guests = serializers.BooleanField(default=False)
    minutes = Text(5000)
    gist = Text(500)
    said = SaidInput(many=True, default=list)


class RecordPositionInput(ActSerializer):
    said = SaidInput()


class AgreeInput(ActSerializer):
    form = serializers.ChoiceField(codes.AGREEMENT_FORMS.choices)
    facts = Text(3000)
    disputed = Text(1000)
    responsibilities = Text(1000, default="", allow_blank=True)
    content = Text(3000)
    items = serializers.ListField(child=OwedInput(), max_length=MOST_ITEMS)
    total = Money()
    place = Text(80, default="", allow_blank=True)
    reached_on = serializers.DateField()
    signed = SignedInput(many=True)
    signed_on = serializers.DateField()
    sealed_on = serializers.DateField(allow_null=True, default=None)
    is_on_the_spot = serializers.BooleanField(default=False)
    is_writing_asked_for = serializers.BooleanField(default=False)


class ProlongInput(ActSerializer):
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)
    is_agreed = serializers.BooleanField()
    agreed_by = Text(300)


class PerformInput(ActSerializer):
    item_no = serializers.IntegerField(min_value=1, max_value=MOST_ITEMS)
    on = serializers.DateField()
    amount = Money(allow_null=True, default=None)
    proof = Text(200)
    attachment_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, allow_null=True, default=None)


class BreachInput(ActSerializer):
    words = Text(1000)
    routes = serializers.ListField(child=serializers.ChoiceField(list(BREACH_ROUTES.items())), max_length=len(BREACH_ROUTES))


class MediateAgainInput(ActSerializer):
    is_willing = serializers.BooleanField()
    words = Text(1000)


class TerminateInput(ActSerializer):
    reason = serializers.ChoiceField(codes.END_REASONS.choices)
    words = Text(1000)
    way = serializers.ChoiceField(WAYS)
    routes = serializers.ListField(child=serializers.ChoiceField(WAYS), max_length=len(WAYS))
    limitation = Text(300, default="", allow_blank=True)


class WithdrawInput(ActSerializer):
    words = Text(1000)


ACTS: dict[str, Act] = {
    "inform": (InformInput, talks.inform),
    "challenge": (ChallengeInput, mediators.challenge),
    "decide_challenge": (DecideChallengeInput, mediators.decide_challenge),
    "hold_session": (HoldSessionInput, talks.hold_session),
    "plan_session": (PlanSessionInput, talks.plan_session),
    "record_position": (RecordPositionInput, talks.record_position),
    "agree": (AgreeInput, agreements.agree),
    "prolong": (ProlongInput, endings.prolong),
    "perform": (PerformInput, agreements.perform),
    "breach": (BreachInput, agreements.breach),
    "mediate_again": (MediateAgainInput, agreements.mediate_again),
    "terminate": (TerminateInput, endings.terminate),
    "withdraw": (WithdrawInput, endings.withdraw),
}
