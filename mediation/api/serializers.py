"""What machines send and get of disputes. Input is checked for shape; the rules decide in the actions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework.api.inputs import Text
from casework.api.rows import CaseRow, PartyRow
from casework.parties import PartyFacts
from mediation import codes
from mediation.actions.intake import Intake, SidePerson
from mediation.models import Side
from mediation.queries import dispute as pages
from mediation.queries.feed import One
from organisations import clock, directory, identity


class SidePersonSerializer(serializers.Serializer[SidePerson]):
    """A party of a dispute, or the agent of one, with its side (a 甲方, b 乙方, c 丙方)."""

    letter = serializers.ChoiceField(Side.Letter.choices)
    name = Text(60)
    is_organisation = serializers.BooleanField(default=False)
    id_number = Text(40, default="", allow_blank=True)
    phone = Text(30, default="", allow_blank=True)
    area_id = serializers.IntegerField(allow_null=True, default=None, max_value=2**31 - 1)
    address = Text(120, default="", allow_blank=True)
    is_agent = serializers.BooleanField(default=False)
    is_representative = serializers.BooleanField(default=False)
    authority = Text(120, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> SidePerson:
        sex, born_on = "", None
        if attrs["id_number"] and not attrs["is_organisation"]:
            try:
                card = identity.parse_id(attrs["id_number"], today=clock.today())
            except identity.IdentityError as error:
                raise serializers.ValidationError({"id_number": error.message}) from error
            attrs["id_number"], sex, born_on = card.number, card.sex, card.born_on
        if attrs["phone"]:
            try:
                attrs["phone"] = identity.normalise_phone(attrs["phone"])
            except identity.IdentityError as error:
                raise serializers.ValidationError({"phone": error.message}) from error
        if attrs["area_id"] is not None and attrs["area_id"] not in directory.current().areas:
            raise serializers.ValidationError({"area_id": "没有这个地方。"})
        letter, is_agent, is_representative = attrs.pop("letter"), attrs.pop("is_agent"), attrs.pop("is_representative")
        id_type = "111" if sex else ""
        facts = PartyFacts(position="", sex=sex, born_on=born_on, id_type=id_type, **attrs)
        return SidePerson(letter, facts, is_agent=is_agent, is_representative=is_representative)


class DisputeRegister(serializers.Serializer[Intake]):
    """A registration of a dispute (L-MED-43, L-MED-45)."""

    title = Text(80)
    story = Text(5000)
    type_code = serializers.ChoiceField(codes.TYPES.choices)
    area_id = serializers.IntegerField(help_text="发生地，见 /api/v1/areas/", max_value=2**31 - 1)
    received_on = serializers.DateField()
    people = SidePersonSerializer(many=True, max_length=20)  # type: ignore[call-arg]  # goes to the list
    source = serializers.ChoiceField(codes.SOURCES.choices, default="1")  # type: ignore[assignment]  # the field of the law, not DRF's
    difficulty = serializers.ChoiceField(codes.DIFFICULTIES.choices, default="2")
    scale = serializers.ChoiceField(codes.SCALES.choices, default="01")
    demand = Text(1000, default="", allow_blank=True)
    place = Text(120, default="", allow_blank=True)
    happened_on = serializers.DateField(allow_null=True, default=None)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, allow_null=True, default=None)
    people_count = serializers.IntegerField(min_value=2, max_value=100_000, default=2)
    is_willing = serializers.BooleanField(default=False)
    at_own_level = serializers.BooleanField(default=False)

    def validate_area_id(self, value: int) -> int:
        if value not in directory.current().areas:
            raise serializers.ValidationError("没有这个地方。")
        return value

    def validate(self, attrs: dict[str, Any]) -> Intake:
        return Intake(**attrs)


class SeatedRow(serializers.Serializer[Any]):
    letter = serializers.CharField()
    is_agent = serializers.BooleanField()
    party = PartyRow()


class RungRow(serializers.Serializer[Any]):
    """One stay on the ladder."""

    step = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField(source="unit.short_name")
    began_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    end = serializers.CharField()
    words = serializers.CharField()


class HandOverRow(serializers.Serializer[Any]):
    """One hand-over: two acts, each with its time."""

    from_step = serializers.IntegerField()
    to_step = serializers.IntegerField()
    from_unit = serializers.CharField(source="from_unit.short_name")
    to_unit = serializers.CharField(source="to_unit.short_name")
    reason = serializers.CharField()
    urgency = serializers.CharField()
    offered_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    words = serializers.CharField()


class DisputeDetail(serializers.Serializer[Any]):
    """The whole dispute, with the acts this person may do now."""

    case = CaseRow(source="dispute.case")
    version = serializers.IntegerField(source="dispute.case.version")
    type_code = serializers.CharField(source="dispute.type_code")
    source = serializers.CharField(source="dispute.source")  # type: ignore[assignment]  # the field of the law, not DRF's
    difficulty = serializers.CharField(source="dispute.difficulty")
    scale = serializers.CharField(source="dispute.scale")
    story = serializers.CharField(source="dispute.story")
    demand = serializers.CharField(source="dispute.demand")
    place = serializers.CharField(source="dispute.place")
    received_on = serializers.DateField(source="dispute.received_on")
    amount = serializers.DecimalField(source="dispute.amount", max_digits=14, decimal_places=2, allow_null=True)
    step = serializers.IntegerField(source="dispute.step")
    body = serializers.CharField(source="dispute.body")
    risk = serializers.CharField(source="dispute.risk")
    risk_review_on = serializers.DateField(source="dispute.risk_review_on", allow_null=True)
    way = serializers.CharField(source="dispute.way")
    result = serializers.CharField(source="dispute.result")
    accepted_on = serializers.DateField(source="dispute.accepted_on", allow_null=True)
    agreed_on = serializers.DateField(source="dispute.agreed_on", allow_null=True)
    people = SeatedRow(many=True)
    rungs = RungRow(many=True)
    hand_overs = HandOverRow(many=True)
    allowed_acts = serializers.SerializerMethodField()

    def get_allowed_acts(self, found: One) -> list[str]:
        """What the case page offers this person, no more: an act the page leaves out is one that would be refused."""
        return [code for code in pages.lawful(pages.page(found.dispute), self.context["scope"]) if code != "register"]
