"""What machines send and get. Input is checked for shape; the rules decide in the actions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework.api.inputs import ActSerializer, OptionalWordsInput, Person, ReasonInput, Text, UnitField, WordsInput
from casework.api.rows import CaseRow, PartyRow
from casework.models import Delivery
from casework.parties import PartyFacts
from casework.rules import Outcome, Urgency
from organisations import clock, directory, identity
from petitions import codes, rules
from petitions.actions import Intake, TaskFacts
from petitions.models import Dispatch
from petitions.queries import case as pages
from petitions.queries.feed import One


class PartySerializer(serializers.Serializer[PartyFacts]):
    position = serializers.ChoiceField(["petitioner", "representative", "agent", "respondent"])
    name = Text(60)
    is_organisation = serializers.BooleanField(default=False)
    id_type = serializers.ChoiceField(codes.ID_TYPES.choices, default="", allow_blank=True)
    id_number = Text(40, default="", allow_blank=True)
    phone = Text(30, default="", allow_blank=True)
    area_id = serializers.IntegerField(allow_null=True, default=None, max_value=2**31 - 1)
    address = Text(120, default="", allow_blank=True)
    relation = Text(20, default="", allow_blank=True)
    authority = Text(120, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> PartyFacts:
        sex, born_on = "", None
        if attrs["id_number"] and attrs["id_type"] in ("", "111"):
            try:
                card = identity.parse_id(attrs["id_number"], today=clock.today())
            except identity.IdentityError as error:
                raise serializers.ValidationError({"id_number": error.message}) from error
            attrs["id_number"], attrs["id_type"] = card.number, "111"
            sex, born_on = card.sex, card.born_on
        if attrs["phone"]:
            try:
                attrs["phone"] = identity.normalise_phone(attrs["phone"])
            except identity.IdentityError as error:
                raise serializers.ValidationError({"phone": error.message}) from error
        if attrs["area_id"] is not None and attrs["area_id"] not in directory.current().areas:
            raise serializers.ValidationError({"area_id": "没有这个地方。"})
        return PartyFacts(sex=sex, born_on=born_on, **attrs)


class RegisterSerializer(serializers.Serializer[Intake]):
    """A registration (L-PET-30, L-PET-34)."""

    title = Text(80)
    story = Text(4000)
    points = serializers.ListField(child=Text(300), min_length=1, max_length=20)
    channel = serializers.ChoiceField(codes.CHANNELS.choices)
    purpose = serializers.ChoiceField(codes.PURPOSES.choices)
    topic_code = serializers.CharField(max_length=6, help_text="内容分类代码，见 /api/v1/categories/")
    area_id = serializers.IntegerField(help_text="问题属地，见 /api/v1/areas/", max_value=2**31 - 1)
    received_on = serializers.DateField()
    people = PartySerializer(many=True, required=False, default=list, max_length=20)  # type: ignore[call-arg]  # goes to the list
    source = serializers.ChoiceField(codes.SOURCES.choices, default="4")  # type: ignore[assignment]  # the field of the law, not DRF's
    source_number = Text(60, default="", allow_blank=True)
    place = Text(120, default="", allow_blank=True)
    respondent_unit_id = UnitField(allow_null=True, default=None)
    respondent_name = Text(60, default="", allow_blank=True)
    is_about_centre = serializers.BooleanField(default=False, help_text="检举控告反映县群众工作中心或其工作人员的：交纪检监察机关，县中心人员看不到")
    headcount = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    involved_count = serializers.IntegerField(min_value=1, max_value=10_000_000, default=1)
    urgency = serializers.ChoiceField(Urgency.choices, default=Urgency.NORMAL)
    flags = serializers.MultipleChoiceField(choices=codes.FLAGS.choices, default=set)
    is_anonymous = serializers.BooleanField(default=False)
    is_oral = serializers.BooleanField(default=False)
    is_read_back = serializers.BooleanField(default=False)
    internal_note = Text(500, default="", allow_blank=True)
    repeat_of = serializers.CharField(max_length=24, default="", allow_blank=True)
    repeat_reason = Text(200, default="", allow_blank=True)
    new_facts = Text(150, default="", allow_blank=True, help_text="关联的事项已三级终结时必填：有什么新的事实、理由，没有的写“无”")

    def validate_topic_code(self, value: str) -> str:
        if value not in codes.CATEGORIES:
            raise serializers.ValidationError("没有这个分类代码。")
        return value

    def validate_area_id(self, value: int) -> int:
        if value not in directory.current().areas:
            raise serializers.ValidationError("没有这个地方。")
        return value

    def validate(self, attrs: dict[str, Any]) -> Intake:
        attrs["flags"] = sorted(attrs["flags"])
        return Intake(**attrs)


class TaskInput(serializers.Serializer[TaskFacts]):
    unit_id = UnitField()
    text = Text(300)
    due_on = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> TaskFacts:
        return TaskFacts(**attrs)


class RouteInput(ActSerializer):
    mode = serializers.ChoiceField(codes.HALL_MODES.choices)
    to_unit_id = UnitField()
    words = Text(500)
    duty = serializers.ChoiceField(Dispatch.Duty.choices, default=Dispatch.Duty.FORWARD)
    report_due_on = serializers.DateField(allow_null=True, default=None)
    promised_on = serializers.DateField(allow_null=True, default=None)
    agent_id = Person(allow_null=True, default=None)
    consent = Text(200, default="", allow_blank=True)
    tasks = TaskInput(many=True, required=False, default=list, max_length=20)  # type: ignore[call-arg]  # goes to the list


class ProposeInput(WordsInput):
    leader_id = Person()


class ObjectInput(ReasonInput):
    suggested_unit_id = UnitField(allow_null=True, default=None)


class CoordinateInput(WordsInput):
    to_unit_id = UnitField()


class DesignateInput(OptionalWordsInput):
    person_id = Person()


class HearInput(ActSerializer):
    on = serializers.DateField()
    officers = serializers.ListField(child=Text(40), min_length=1, max_length=10)
    place = Text(80, default="", allow_blank=True)
    words = Text(4000)


class InvestigateInput(HearInput):
    evidence = Text(300)


class PointInput(ActSerializer):
    no = serializers.IntegerField(min_value=1, max_value=99)
    support = serializers.ChoiceField(codes.REPLY_SUPPORT.choices)
    result = Text(2000)
    ground = Text(300)


class PointResult(serializers.Serializer[dict[str, Any]]):
    no = serializers.IntegerField(min_value=1, max_value=99)
    support = serializers.ChoiceField(codes.REPLY_SUPPORT.choices)
    result = Text(2000)
    ground = Text(300)


class AnswerInput(ActSerializer):
    results = PointResult(many=True, max_length=60)  # type: ignore[call-arg]  # goes to the list
    text = Text(4000)
    outcome = serializers.ChoiceField([Outcome.SOLVED.value, Outcome.EXPLAINED.value])

    def validate_results(self, rows: list[dict[str, Any]]) -> dict[int, tuple[str, str, str]]:
        return {row["no"]: (row["support"], row["result"], row["ground"]) for row in rows}


#: Named for the OpenAPI schema, in which the first decision and the second after a review end alike.
REPLY_OUTCOMES = [(outcome.value, outcome.label) for outcome in rules.OUTCOMES_OF_REPLY]


class PrepareInput(ActSerializer):
    text = Text(8000)
    outcome = serializers.ChoiceField(REPLY_OUTCOMES)
    support = serializers.ChoiceField(codes.REPLY_SUPPORT.choices)
    remedy_unit = Text(80)


class DeliverInput(ActSerializer):
    delivery = serializers.ChoiceField(codes.DELIVERY_METHODS.choices)
    posted_on = serializers.DateField(allow_null=True, default=None)
    delivered_on = serializers.DateField()
    receiver = Text(40)
    proof = Text(200)
    receiver_kind = serializers.ChoiceField(Delivery.Receiver.choices, default=Delivery.Receiver.SELF)
    place = Text(120, default="", allow_blank=True)
    witnesses = Text(80, default="", allow_blank=True)
    words = Text(200, default="", allow_blank=True)
    is_agreed = serializers.BooleanField(default=False)


class DeclineInput(WordsInput):
    code = serializers.ChoiceField(codes.DECLINE_REASONS.choices)
    remedy = Text(300)


class GuideInput(WordsInput):
    routes = serializers.ListField(child=serializers.ChoiceField(codes.LAWFUL_ROUTES.choices), min_length=1, max_length=10)
    answers = serializers.DictField(child=serializers.CharField(max_length=40), default=dict)


class FeedbackInput(ActSerializer):
    way = serializers.ChoiceField(rules.FeedbackWay.choices)
    on = serializers.DateField()
    words = Text(2000)
    is_reached = serializers.BooleanField()
    office_rating = serializers.ChoiceField(codes.SATISFACTION_LEVELS.choices, default="", allow_blank=True)
    unit_rating = serializers.ChoiceField(codes.SATISFACTION_LEVELS.choices, default="", allow_blank=True)
    reason = Text(300, default="", allow_blank=True)


class ReopenInput(ReasonInput):
    due_on = serializers.DateField()


class TaskNo(ActSerializer):
    no = serializers.IntegerField(min_value=1, max_value=99)


class TaskResult(TaskNo):
    result = Text(2000)


class TaskReason(TaskNo):
    reason = Text(500)


class ChangesInput(serializers.Serializer[dict[str, Any]]):
    title = Text(80, required=False)
    story = Text(4000, required=False)
    place = Text(120, required=False, allow_blank=True)
    topic_code = serializers.ChoiceField(sorted(codes.CATEGORIES), required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    purpose = serializers.ChoiceField(codes.PURPOSES.choices, required=False)
    respondent_name = Text(60, required=False, allow_blank=True)
    is_about_centre = serializers.BooleanField(required=False)


class AmendInput(ReasonInput):
    changes = ChangesInput()


class PointRow(serializers.Serializer[Any]):
    no = serializers.IntegerField()
    text = serializers.CharField()
    support = serializers.CharField()
    result = serializers.CharField()
    ground = serializers.CharField()


class PetitionDetail(serializers.Serializer[Any]):
    """The whole case, with the acts this person may do now."""

    case = CaseRow(source="petition.case")
    version = serializers.IntegerField(source="petition.case.version")
    channel = serializers.CharField(source="petition.channel")
    purpose = serializers.CharField(source="petition.purpose")
    story = serializers.CharField(source="petition.story")
    place = serializers.CharField(source="petition.place")
    received_on = serializers.DateField(source="petition.received_on")
    mode = serializers.CharField(source="petition.mode")
    promised_on = serializers.DateField(source="petition.promised_on", allow_null=True)
    accepted_on = serializers.DateField(source="petition.accepted_on", allow_null=True)
    replied_on = serializers.DateField(source="petition.replied_on", allow_null=True)
    delivered_on = serializers.DateField(source="petition.delivered_on", allow_null=True)
    people = PartyRow(many=True)
    points = PointRow(many=True)
    allowed_acts = serializers.SerializerMethodField()

    def get_allowed_acts(self, found: One) -> list[str]:
        """What the case page offers this person, no more: an act the page leaves out is one that would be refused."""
        return [code for code in pages.lawful(pages.page(found.petition), self.context["scope"]) if code != "register"]
