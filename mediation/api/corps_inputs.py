"""What machines send to the corps, checked for shape; the rules decide in the actions."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers

from casework.api.inputs import Person, Text, UnitField
from mediation import codes
from mediation.api.doors import Day
from mediation.corps import norms, rules
from mediation.corps.actions.appointments import Facts, Term
from mediation.corps.actions.duty_log import Done, Position
from mediation.corps.actions.joint import Meeting
from mediation.corps.actions.lessons import Lesson
from mediation.models import Activity, Appointment, Duty, Mediator, Training
from organisations import clock, directory, identity

#: Named for the OpenAPI schema, which has other fields of these names.
MEDIATOR_KINDS, LESSON_KINDS, DUTY_KINDS, ACTIVITY_KINDS = Mediator.Kind.choices, Training.Kind.choices, Duty.Kind.choices, Activity.Kind.choices
DISPUTE_TYPES, TERM_WAYS = codes.TYPES.choices, Appointment.Way.choices
END_REASONS = [choice for choice in Appointment.End.choices if choice[0]]
#: A picture in base64 within one request (settings.DATA_UPLOAD_MAX_MEMORY_SIZE).
PHOTO_LONGEST = 8_000_000
MOST_PEOPLE = 500


class AreaField(serializers.IntegerField):
    """An id of a place, see /api/v1/areas/."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)

    def to_internal_value(self, data: Any) -> int:
        area_id = super().to_internal_value(data)
        if area_id not in directory.current().areas:
            raise serializers.ValidationError("没有这个地方。")
        return area_id


class CorpsFactsInput(serializers.Serializer[Facts]):
    """A person of the corps. An empty number keeps the one that is there."""

    name = Text(60)
    sex = serializers.ChoiceField(Mediator.Sex.choices)
    kind = serializers.ChoiceField(MEDIATOR_KINDS)
    unit_id = UnitField()
    born_year = serializers.IntegerField(min_value=1900, max_value=2100, allow_null=True, default=None)
    area_id = AreaField(allow_null=True, default=None)
    id_number = Text(30, default="", allow_blank=True)
    phone = Text(30, default="", allow_blank=True)
    specialities = serializers.ListField(child=serializers.ChoiceField(DISPUTE_TYPES), max_length=40, default=list)
    languages = Text(60, default="", allow_blank=True)
    notes = Text(300, default="", allow_blank=True)
    is_civil_servant = serializers.BooleanField(default=False)
    user_id = Person(allow_null=True, default=None)

    def validate_name(self, value: str) -> str:
        return _checked(identity.normalise_name, value)

    def validate_phone(self, value: str) -> str:
        return _checked(identity.normalise_phone, value) if value else ""

    def validate_id_number(self, value: str) -> str:
        return _checked(lambda given: identity.parse_id(given, today=clock.today()).number, value) if value else ""

    def validate(self, attrs: dict[str, Any]) -> Facts:
        return Facts(**{**attrs, "specialities": tuple(dict.fromkeys(attrs["specialities"]))})


def _checked(parse: Any, given: str) -> str:
    try:
        return str(parse(given))
    except identity.IdentityError as error:
        raise serializers.ValidationError(error.message, code=error.code) from error


class CorpsTermInput(serializers.Serializer[Term]):
    """A term of office; without its last day it is a full one."""

    way = serializers.ChoiceField(TERM_WAYS)
    from_on = Day()
    until_on = Day(allow_null=True, default=None)
    decided_by = Text(80)
    contract_number = Text(40, default="", allow_blank=True)
    contract_from = Day(allow_null=True, default=None)
    contract_until = Day(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> Term:
        from_on = attrs["from_on"]
        return Term(**{**attrs, "until_on": attrs["until_on"] or rules.usual_end(from_on, norms.on(from_on).term_years)})


class CorpsEnterInput(serializers.Serializer[dict[str, Any]]):
    facts = CorpsFactsInput()
    term = CorpsTermInput()
    grade = serializers.ChoiceField(Mediator.Grade.choices, default="", allow_blank=True)


class CorpsAmendInput(serializers.Serializer[dict[str, Any]]):
    facts = CorpsFactsInput()
    words = Text(200)


class CorpsRenewInput(serializers.Serializer[dict[str, Any]]):
    term = CorpsTermInput()


class CorpsPromoteInput(serializers.Serializer[dict[str, Any]]):
    unit_id = UnitField()
    term = CorpsTermInput()
    words = Text(300)


class CorpsGradeInput(serializers.Serializer[dict[str, Any]]):
    grade = serializers.ChoiceField(Mediator.Grade.choices, allow_blank=True)
    on = Day()
    decided_by = Text(80)
    words = Text(300)


class CorpsEndInput(serializers.Serializer[dict[str, Any]]):
    on = Day()
    reason = serializers.ChoiceField(END_REASONS)
    words = Text(300)


class CorpsConsentInput(serializers.Serializer[dict[str, Any]]):
    hours = Text(80)


class CorpsNothingInput(serializers.Serializer[dict[str, Any]]):
    """Nothing to send: the address says it."""


class CorpsCommitteeInput(serializers.Serializer[dict[str, Any]]):
    name = Text(80)
    on = serializers.DateField()


class CorpsSeatInput(serializers.Serializer[dict[str, Any]]):
    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    post = serializers.ChoiceField([("member", "委员"), ("chair", "主任")])
    on = Day()


class CorpsDayInput(serializers.Serializer[dict[str, Any]]):
    on = Day()


class CorpsHouseholdsInput(serializers.Serializer[dict[str, Any]]):
    area_id = AreaField()
    n = serializers.IntegerField(min_value=1, max_value=100_000)
    on = Day()


class CorpsDays(serializers.DecimalField):
    """Days, in tenths."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=3, decimal_places=1, min_value=0, max_value=30, **options)


class CorpsAttendedInput(serializers.Serializer[dict[str, Any]]):
    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    days = CorpsDays()


class CorpsLessonInput(serializers.Serializer[Lesson]):
    kind = serializers.ChoiceField(LESSON_KINDS)
    name = Text(80)
    on = Day()
    days = CorpsDays()
    place = Text(80)
    unit_id = UnitField()
    teacher = Text(80, default="", allow_blank=True)
    attended = CorpsAttendedInput(many=True, allow_empty=False, max_length=MOST_PEOPLE)  # type: ignore[call-arg]  # goes to the list

    def validate_days(self, value: Any) -> Any:
        if value < rules.LEAST_DAYS:
            raise serializers.ValidationError("天数至少半天。")
        return value

    def validate(self, attrs: dict[str, Any]) -> Lesson:
        return Lesson(**{**attrs, "attended": {row["mediator_id"]: row["days"] for row in attrs["attended"]}})


class CorpsPositionInput(serializers.Serializer[Position]):
    """Where a phone said it was; accuracy in metres. Only with the county's switch and the person's consent."""

    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, min_value=-90, max_value=90)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, min_value=-180, max_value=180)
    accuracy = serializers.IntegerField(min_value=0, max_value=100_000)

    def validate(self, attrs: dict[str, Any]) -> Position:
        return Position(**attrs)


class CorpsDutyInput(serializers.Serializer[dict[str, Any]]):
    """A duty. Without `came_at` the person checks in now; without `left_at` they are still there."""

    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(DUTY_KINDS)
    place = Text(80)
    came_at = serializers.DateTimeField(allow_null=True, default=None)
    left_at = serializers.DateTimeField(allow_null=True, default=None)
    words = Text(300, default="", allow_blank=True)
    people_count = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True, default=None)
    case_number = Text(30, default="", allow_blank=True)
    photo = Text(PHOTO_LONGEST, default="", allow_blank=True, help_text="JPEG 或 PNG 的 Base64；照片里的定位信息会去掉")
    position = CorpsPositionInput(allow_null=True, default=None)

    def validate_photo(self, value: str) -> SimpleUploadedFile | None:
        try:
            return SimpleUploadedFile("photo", base64.b64decode(value, validate=True)) if value else None
        except (binascii.Error, ValueError) as error:
            raise serializers.ValidationError("照片不是合法的 Base64。") from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        came_at = attrs["came_at"] or clock.now()
        if abs(came_at - clock.now()) > timedelta(days=3660):
            raise serializers.ValidationError({"came_at": "时间不对。"})
        return {"mediator_id": attrs.pop("mediator_id"), "done": Done(**{**attrs, "came_at": came_at})}


class CorpsOptionalWordsInput(serializers.Serializer[dict[str, Any]]):
    words = Text(200, default="", allow_blank=True)


class CorpsReasonInput(serializers.Serializer[dict[str, Any]]):
    reason = Text(200)


class CorpsMeetingInput(serializers.Serializer[Meeting]):
    """Something done together with another body."""

    kind = serializers.ChoiceField(ACTIVITY_KINDS)
    unit_id = UnitField()
    on = Day()
    place = Text(80)
    partner = Text(80)
    participants = Text(200)
    outcome = Text(1000)
    people_count = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> Meeting:
        return Meeting(**attrs)


class CorpsNormsInput(serializers.Serializer[dict[str, Any]]):
    """A new version of the county's norms, whole."""

    small_village = serializers.IntegerField(min_value=0, max_value=100_000)
    small_village_people = serializers.IntegerField(min_value=0, max_value=99)
    large_village_people = serializers.IntegerField(min_value=0, max_value=99)
    area_station_people = serializers.IntegerField(min_value=0, max_value=99)
    town_people = serializers.IntegerField(min_value=0, max_value=99)
    committee_least = serializers.IntegerField(min_value=1, max_value=99)
    committee_most = serializers.IntegerField(min_value=1, max_value=99)
    term_years = serializers.IntegerField(min_value=1, max_value=9)
    training_days = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0, max_value=365)
    keeps_duties = serializers.BooleanField()
    takes_positions = serializers.BooleanField()
    bureau_id = UnitField(allow_null=True, default=None)
    valid_from = Day()
    reason = Text(200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"valid_from": attrs.pop("valid_from"), "reason": attrs.pop("reason"), "measures": attrs}
