"""排查 for machines: the rounds one sees, and the report of one's own (MED-1)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, KEY, BusinessView
from casework.api.doors import once
from casework.api.inputs import Text
from mediation import codes
from mediation.models import Round
from mediation.screening import actions

#: Rounds of one answer.
PAGE = 100
MOST_FOUND = 50


class ScreeningRoundRow(serializers.ModelSerializer[Round]):
    """A round: whose, of which period, until when, and what was reported."""

    unit = serializers.CharField(source="unit.short_name")
    title = serializers.CharField(help_text="轮次名称")

    class Meta:
        model = Round
        fields = (
            "id",
            "unit_id",
            "unit",
            "title",
            "from_on",
            "until_on",
            "due_on",
            "is_nothing",
            "households",
            "visited_on",
            "reported_at",
            "is_late",
        )


class ScreeningFoundInput(serializers.Serializer[actions.Found]):
    what = Text(500)
    people = Text(120)
    area_id = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    type_code = serializers.ChoiceField(codes.TYPES.choices)
    place = Text(120, default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        return actions.Found(**super().to_internal_value(data))


class ScreeningReportInput(serializers.Serializer[actions.Report]):
    """«未发现» is a report too: an empty list of findings says so."""

    who = Text(120)
    place = Text(200)
    households = serializers.IntegerField(min_value=0, max_value=100_000)
    visited_on = serializers.DateField()
    visited_at = serializers.TimeField(allow_null=True, default=None)
    words = Text(500, default="", allow_blank=True)
    found = serializers.ListField(child=ScreeningFoundInput(), max_length=MOST_FOUND)

    def to_internal_value(self, data: Any) -> Any:
        typed = super().to_internal_value(data)
        return actions.Report(**{**typed, "found": tuple(typed["found"])})


class ScreeningRounds(BusinessView):
    @extend_schema(
        operation_id="screening_rounds",
        parameters=[
            OpenApiParameter("before", int, description="只要编号小于它的，取上一页最后一轮的 id"),
            OpenApiParameter("waiting", bool, description="true 只看没有上报的"),
        ],
        responses={200: ScreeningRoundRow(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Rounds of one's unit and those below it, the newest first."""
        rows = Round.objects.visible_to(self.scope).select_related("unit", "campaign").order_by("-pk")
        before = request.query_params.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 19:
            rows = rows.filter(pk__lt=int(before))
        if request.query_params.get("waiting") == "true":
            rows = rows.filter(reported_at=None)
        return Response(ScreeningRoundRow(rows[:PAGE], many=True).data)


class ScreeningReport(BusinessView):
    @extend_schema(operation_id="screening_report", parameters=[KEY], request=ScreeningReportInput, responses={200: ScreeningRoundRow, **ERRORS})
    def post(self, request: Request, pk: int) -> Response:
        """Report the round of one's own unit, once; sent again with the same key it is the first answer."""

        def write() -> Response:
            taken = ScreeningReportInput(data=request.data)
            taken.is_valid(raise_exception=True)
            row = actions.report(pk, taken.validated_data, by=self.scope)
            return Response(ScreeningRoundRow(row).data, status=status.HTTP_200_OK)

        return once(request, write, still=lambda given: Round.objects.visible_to(self.scope).get(pk=given["id"]))
