"""Lists, one dispute, its history, registration. The acts are a table (`mediation.api.acts`)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from casework import viewings
from casework.api import ERRORS, KEY, LIST, TIMELINE, Answer, ListView, ScopedView, TimelineView
from mediation.actions import intake
from mediation.api import serializers as s
from mediation.queries import feed
from mediation.rules import CODE
from organisations import clock

ANSWER = Answer(s.DisputeDetail, feed.one)


class DisputeList(ListView):
    kind = CODE

    @extend_schema(operation_id="dispute_list", **LIST)
    def get(self, request: Request) -> Response:
        """Disputes within the scope, newest first, by cursor: any page as fast as the first."""
        return self.rows(request)

    @extend_schema(operation_id="dispute_register", parameters=[KEY], request=s.DisputeRegister, responses={201: s.DisputeDetail, **ERRORS})
    def post(self, request: Request) -> Response:
        """Write a dispute down; answers with its number."""

        def register() -> str:
            taken = s.DisputeRegister(data=request.data)
            taken.is_valid(raise_exception=True)
            return intake.register(taken.validated_data, by=self.scope).case.number

        return ANSWER.write(request, self.scope, register, http_status=201)


class DisputeOne(ScopedView):
    @extend_schema(operation_id="dispute_read", responses={200: s.DisputeDetail, **ERRORS})
    def get(self, request: Request, number: str) -> Response:
        """One dispute with `allowed_acts`. Outside the scope it does not exist. The case page shows that it was read."""
        scope = self.scope
        found = feed.one(number, scope)
        viewings.look(found.dispute.case, scope.user, clock.now())
        return Response(s.DisputeDetail(found, context={"scope": scope}).data)


class DisputeTimeline(TimelineView):
    kind = CODE

    @extend_schema(operation_id="dispute_timeline", **TIMELINE)
    def get(self, request: Request, number: str) -> Response:
        """History in order, a hundred lines a page."""
        return self.lines(request, number)
