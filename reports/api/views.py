"""The dictionary and its figures for machines: the same form, the same reading, the same people as on the screen."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, ScopedView
from reports.actions import refresh
from reports.api import serializers as s
from reports.forms import selection
from reports.queries import answers, ground
from reports.rules.measures import MEASURES

_FILTERS = [
    OpenApiParameter("m", str, required=True, many=True, description="指标代码，可以重复"),
    OpenApiParameter(
        "by",
        str,
        description="分组：town village unit category subcategory topic channel handler outcome level day；不填是合计。"
        "按 handler 只说明件在谁手里，不比好坏",
    ),
    OpenApiParameter("span", str, description="day week month quarter year，默认 month"),
    OpenApiParameter("since", str, description="自选期间的开始日期"),
    OpenApiParameter("until", str, description="自选期间的结束日期"),
    OpenApiParameter("basis", str, description="own registered closed"),
    *(OpenApiParameter(name, str) for name in ("town", "village", "unit", "category", "channel", "handler", "outcome", "level")),
]


class Measures(ScopedView):
    @extend_schema(operation_id="measure_list", responses={200: s.MeasureRow(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Every measure with its formula in words, exclusions, source and version."""
        return Response({"results": s.MeasureRow(MEASURES.values(), many=True).data})


class Figures(ScopedView):
    @extend_schema(operation_id="figure_read", parameters=_FILTERS, responses={200: s.FigureAnswer, **ERRORS})
    def get(self, request: Request) -> Response:
        """Figures of one selection, in all or split; each with denominator, version and the address of its list."""
        scope = self.scope
        ground.of(scope)
        asked = selection.FiguresForm({"m": request.query_params.getlist("m"), "by": request.query_params.get("by", "")})
        filters = selection.bound(request.query_params)
        if not (asked.is_valid() and filters.is_valid()):
            wrong: dict[str, Any] = {name: list(texts) for form in (asked, filters) for name, texts in form.errors.items()}
            raise ValidationError(wrong)
        refresh.refresh_if_old()
        found = answers.figures(asked.cleaned_data["m"], filters.selection(scope), asked.cleaned_data["by"], _list_url)
        return Response(s.FigureAnswer(found).data)


def _list_url(where: selection.Selection, code: str, **changes: Any) -> str:
    return f"{reverse('reports:behind')}?{selection.number_query(where, code, **changes)}"
