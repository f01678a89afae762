"""The online room's desk for machines: conversations in sight, their acts, agreed hours, the week's hours (MED-9).

The telephone in clear and a renewed code are shown on a screen once and on record; no machine gets them.
"""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, KEY, BusinessView, once
from casework.api.inputs import Text
from mediation.api.doors import Act, Given, counted, listed, newest, row_acts, typed
from mediation.api.serializers import DisputeRegister
from mediation.chamber import actions, queries, rules
from mediation.chamber.rules import Meeting, Verdict
from organisations.scope import Scope

#: Named for the OpenAPI schema, which has other fields of these names.
MEETING_ENDS = [(code.value, Meeting(code).label) for code in (Meeting.KEPT, Meeting.MISSED, Meeting.OFF)]
AID_VERDICTS = [(code.value, Verdict(code).label) for code in (Verdict.GRANTED, Verdict.REFUSED)]


# -- what is given ------------------------------------------------------------------------------------------------------------------------------


class RoomRow(serializers.Serializer[Any]):
    """A conversation as the desk lists it."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    way = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    unit_id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.short_name")
    name = serializers.CharField()
    phone_masked = serializers.CharField()
    area_id = serializers.IntegerField()
    what = serializers.CharField()
    opened_at = serializers.DateTimeField()
    said_at = serializers.DateTimeField()
    dispute = serializers.CharField(source="dispute.case.number", default="")


class RoomListRow(RoomRow):
    new = serializers.IntegerField(help_text="本单位还没有人看过的留言")


class RoomMessageRow(serializers.Serializer[Any]):
    by_label = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    files = serializers.IntegerField(source="files.count", help_text="附件份数，在页面上打开")


class RoomBookingRow(serializers.Serializer[Any]):
    """Half an hour with a mediator."""

    id = serializers.IntegerField(source="pk")
    conversation = serializers.CharField(source="conversation.number")
    mediator_id = serializers.IntegerField()
    mediator = serializers.CharField(source="mediator.name")
    starts_at = serializers.DateTimeField()
    state = serializers.CharField()
    ended_words = serializers.CharField()


class RoomAidRow(serializers.Serializer[Any]):
    ground = serializers.CharField()
    income = serializers.CharField()
    verdict = serializers.CharField()
    due_on = serializers.DateField()
    words = serializers.CharField()


class RoomDetail(serializers.Serializer[Any]):
    """One conversation with what was said, who was asked, the hour agreed and the answer to legal aid."""

    number = serializers.CharField(source="row.number")
    conversation = RoomRow(source="row")
    messages = RoomMessageRow(many=True)
    mediator_ids = serializers.SerializerMethodField()
    booking = RoomBookingRow(allow_null=True)
    past = RoomBookingRow(many=True)
    aid = RoomAidRow(source="row.aid", default=None, allow_null=True)
    closed_words = serializers.CharField(source="row.closed_words")

    def get_mediator_ids(self, talk: queries.Talk) -> list[int]:
        return [person.pk for person in talk.people]


class RoomDeclined(serializers.Serializer[Any]):
    number = serializers.CharField()


class RoomBlockRow(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(help_text="0 为周一")
    start = serializers.TimeField()
    end = serializers.TimeField()


class RoomHostRow(serializers.Serializer[Any]):
    """A mediator whose hours one may set."""

    mediator_id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    unit = serializers.CharField(source="unit.short_name")
    hours = RoomBlockRow(source="chamber_hours.all", many=True)


# -- what is sent -------------------------------------------------------------------------------------------------------------------------------


class RoomNothingInput(serializers.Serializer[dict[str, Any]]):
    """Nothing to send: the address says it."""


class RoomAnswerInput(serializers.Serializer[dict[str, Any]]):
    text = Text(rules.MESSAGE_MAX)
    key = serializers.UUIDField(help_text="这条留言自己的编号，重发用同一个")


class RoomWordsInput(serializers.Serializer[dict[str, Any]]):
    words = Text(300)


class RoomOfferInput(serializers.Serializer[dict[str, Any]]):
    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    starts_at = serializers.DateTimeField()


class RoomMeetingInput(serializers.Serializer[dict[str, Any]]):
    state = serializers.ChoiceField(MEETING_ENDS)
    words = Text(200, default="", allow_blank=True)


class RoomAidInput(serializers.Serializer[dict[str, Any]]):
    verdict = serializers.ChoiceField(AID_VERDICTS)
    words = Text(300)


class RoomSpanInput(serializers.Serializer[tuple[time, time]]):
    start = serializers.TimeField()
    end = serializers.TimeField()

    def validate(self, attrs: dict[str, Any]) -> tuple[time, time]:
        if attrs["end"] <= attrs["start"]:
            raise serializers.ValidationError({"end": "结束时间要晚于开始时间。"})
        return attrs["start"], attrs["end"]


class RoomHoursInput(serializers.Serializer[dict[str, Any]]):
    """The week anew: the same spans on each of the days."""

    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6), max_length=7)
    spans = RoomSpanInput(many=True, max_length=4)  # type: ignore[call-arg]  # goes to the list

    def validate_spans(self, spans: list[tuple[time, time]]) -> list[tuple[time, time]]:
        ordered = sorted(spans)
        if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
            raise serializers.ValidationError("时间不能重叠。")
        return ordered


# -- the doors ----------------------------------------------------------------------------------------------------------------------------------


def _talk(number: str, by: Scope) -> queries.Talk:
    return queries.talk(queries.visible(by).get(number=number).pk)


TALK = Given(RoomDetail, _talk, key="number")
HOST = Given(RoomHostRow, lambda pk, by: queries.hosts(by).get(pk=pk), key="mediator_id")

TALK_ACTS: dict[str, Act] = {
    "answer": (RoomAnswerInput, actions.answer),
    "take": (RoomNothingInput, actions.take),
    "close": (RoomWordsInput, actions.close),
    "offer": (RoomOfferInput, actions.offer),
    "meeting": (RoomMeetingInput, actions.note_meeting),
    "aid": (RoomAidInput, actions.decide_aid),
}
HOST_ACTS: dict[str, Act] = {"hours": (RoomHoursInput, actions.set_hours)}


class RoomTalks(BusinessView):
    @listed(RoomListRow, "room_conversations", OpenApiParameter("show", str, description="waiting、running、late、asked、decided、ended，默认 all"))
    def get(self, request: Request) -> Response:
        """Conversations one was asked in, and those of the units one keeps."""
        show = request.query_params.get("show", "")
        return newest(request, queries.listed(self.scope, show if show in queries.SHOWS else "all"), RoomListRow)


class RoomTalk(BusinessView):
    @extend_schema(operation_id="room_conversation", responses={200: RoomDetail, **ERRORS})
    def get(self, request: Request, number: str) -> Response:
        """One conversation; what the person wrote counts as read."""
        actions.read_by_house(queries.visible(self.scope).get(number=number))
        return TALK.read(number, self.scope)


class RoomDecline(BusinessView):
    @extend_schema(operation_id="room_conversation_decline", parameters=[KEY], request=RoomWordsInput, responses={200: RoomDeclined, **ERRORS})
    def post(self, request: Request, number: str) -> Response:
        """Not taken, with a reason; who declines sees the conversation no more."""

        def decline() -> Response:
            actions.decline(number, **typed(RoomWordsInput, request), by=self.scope)
            return Response(RoomDeclined({"number": number}).data)

        return once(request, decline, still=lambda given: given["number"])


class RoomDispute(BusinessView):
    @extend_schema(operation_id="room_conversation_dispute", parameters=[KEY], request=DisputeRegister, responses={201: RoomDetail, **ERRORS})
    def post(self, request: Request, number: str) -> Response:
        """Register the dispute and give it the conversation, in one step."""

        def begin() -> str:
            actions.begin_dispute(number, typed(DisputeRegister, request), by=self.scope)
            return number

        return TALK.write(request, self.scope, begin, status.HTTP_201_CREATED)


class RoomAppointments(BusinessView):
    @listed(RoomBookingRow, "room_appointments")
    def get(self, request: Request) -> Response:
        """What is agreed or offered from today on."""
        return counted(request, queries.appointments(self.scope), RoomBookingRow, lambda row: row.pk)


class RoomHosts(BusinessView):
    @listed(RoomHostRow, "room_hosts")
    def get(self, request: Request) -> Response:
        """Mediators whose hours one may set: oneself, and those of the units one keeps."""
        return counted(request, queries.hosts(self.scope), RoomHostRow, lambda row: row.pk)


urlpatterns = [
    path("room/conversations/", RoomTalks.as_view(), name="room-talks"),
    path("room/conversations/<str:number>/", RoomTalk.as_view(), name="room-talk"),
    path("room/conversations/<str:number>/decline/", RoomDecline.as_view(), name="room-decline"),
    path("room/conversations/<str:number>/dispute/", RoomDispute.as_view(), name="room-dispute"),
    *(
        path(f"room/conversations/<str:number>/{code}/", view, name=f"room-{code}")
        for code, view in row_acts("room_conversation", TALK_ACTS, TALK).items()
    ),
    path("room/appointments/", RoomAppointments.as_view(), name="room-appointments"),
    path("room/hosts/", RoomHosts.as_view(), name="room-hosts"),
    *(path(f"room/hosts/<int:pk>/{code}/", view, name=f"room-{code}") for code, view in row_acts("room_host", HOST_ACTS, HOST).items()),
]
