"""What machines send and get. Input is checked for shape; the rules decide in the actions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from casework.models import Delivery
from casework.parties import PartyFacts
from casework.rules import Outcome, Urgency
from organisations import clock, directory, identity
from petitions import codes, rules
from petitions.actions import Intake, TaskFacts
from petitions.models import Dispatch
from petitions.queries.acts import allowed_acts
from petitions.queries.feed import One


def _no_nul(value: str) -> None:
    """PostgreSQL holds no NUL; a clear sentence instead of an error from below."""
    if "\x00" in value:
        raise serializers.ValidationError("含有不能保存的字符。")


class Text(serializers.CharField):
    """Text as people type it: trimmed, not empty unless allowed, of a stated length."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(max_length=max_length, validators=[_no_nul], **options)


class UnitField(serializers.IntegerField):
    """An id of a unit in the directory."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)

    def to_internal_value(self, data: Any) -> int:
        unit_id = super().to_internal_value(data)
        unit = directory.current().units.get(unit_id)
        if unit is None or not unit.is_active:
            raise serializers.ValidationError("没有这个单位，或已撤销。")
        return unit_id


class Person(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)


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


class ActSerializer(serializers.Serializer[dict[str, Any]]):
    """What every act takes: the version the sender saw (a stale one is refused with 409)."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None)


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


class WordsInput(ActSerializer):
    words = Text(1000)


class OptionalWordsInput(ActSerializer):
    words = Text(1000, default="", allow_blank=True)


class NoInput(ActSerializer):
    pass


class ReasonInput(ActSerializer):
    reason = Text(500)


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


class NoteInput(ActSerializer):
    text = Text(4000)
    happened_at = serializers.DateTimeField(allow_null=True, default=None)
    is_internal = serializers.BooleanField(default=False)


class HandOverInput(WordsInput):
    to_user_id = Person()


class LinkInput(ReasonInput):
    other = serializers.CharField(max_length=24)
    kind = serializers.ChoiceField([("repeat", "重复"), ("related", "关联")])


class MergeInput(ReasonInput):
    into = serializers.CharField(max_length=24)


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


class AmendInput(ReasonInput):
    changes = ChangesInput()


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
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    urgency = serializers.IntegerField()
    headcount = serializers.IntegerField()
    confidential = serializers.BooleanField()
    marks = serializers.ListField(child=serializers.CharField())

    def get_state_label(self, case: Any) -> str:
        return rules.STATE_LABELS[case.state]


class PartyRow(serializers.Serializer[Any]):
    """A person on a case; numbers masked, here as everywhere (L-SEC-39)."""

    no = serializers.IntegerField()
    position = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    id_masked = serializers.CharField()
    phone_masked = serializers.CharField()
    address = serializers.CharField()


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
        return [code for code in allowed_acts(found.petition.case, self.context["scope"]) if code != "register"]


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


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = serializers.JSONField(required=False)  # type: ignore[assignment]  # RFC 9457 extension, not DRF's
