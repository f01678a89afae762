"""Lists, one case, its history, registration, and the words machines need. The acts are a table (`petitions.api.acts`)."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from casework import viewings
from casework.api import ERRORS, KEY, LIST, TIMELINE, Answer, ListView, ScopedView, TimelineView
from organisations import clock, directory
from petitions import actions, codes
from petitions.api import serializers as s
from petitions.queries import feed
from petitions.rules import KIND

ANSWER = Answer(s.PetitionDetail, feed.one)


class PetitionList(ListView):
    kind = KIND.code

    @extend_schema(operation_id="petition_list", **LIST)
    def get(self, request: Request) -> Response:
        """Cases within the scope, newest first, by cursor: any page as fast as the first."""
        return self.rows(request)

    @extend_schema(
        operation_id="petition_register",
        parameters=[KEY],
        request=s.RegisterSerializer,
        responses={201: s.PetitionDetail, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Register a matter; answers with its number."""

        def register() -> str:
            taken = s.RegisterSerializer(data=request.data)
            taken.is_valid(raise_exception=True)
            return actions.register(taken.validated_data, by=self.scope).case.number

        return ANSWER.write(request, self.scope, register, http_status=201)


class PetitionOne(ScopedView):
    @extend_schema(operation_id="petition_read", responses={200: s.PetitionDetail, **ERRORS})
    def get(self, request: Request, number: str) -> Response:
        """One case with `allowed_acts`. Outside the scope it does not exist. The case page shows that it was read."""
        scope = self.scope
        found = feed.one(number, scope)
        viewings.look(found.petition.case, scope.user, clock.now())
        return Response(s.PetitionDetail(found, context={"scope": scope}).data)


class PetitionTimeline(TimelineView):
    kind = KIND.code

    @extend_schema(operation_id="petition_timeline", **TIMELINE)
    def get(self, request: Request, number: str) -> Response:
        """History in order, a hundred lines a page."""
        return self.lines(request, number)


class Categories(ScopedView):
    @extend_schema(parameters=[OpenApiParameter("q", str)], responses={200: OpenApiTypes.OBJECT, **ERRORS})
    def get(self, request: Request) -> Response:
        """Content categories by code, pinyin initials or words."""
        rows = codes.search_categories(request.query_params.get("q", "")[:40], limit=50)
        return Response({"results": [{"code": row.code, "name": codes.category_label(row.code)} for row in rows]})


class Areas(ScopedView):
    @extend_schema(parameters=[OpenApiParameter("q", str)], responses={200: OpenApiTypes.OBJECT, **ERRORS})
    def get(self, request: Request) -> Response:
        """Places of the county, by name or pinyin initials."""
        q = request.query_params.get("q", "").strip().lower()[:40]
        areas = directory.current().areas.values()
        found = [a for a in areas if not q or q in a.name or any(i.startswith(q) for i in a.initials.split())]
        return Response({"results": [{"id": a.id, "code": a.code, "name": a.path_name} for a in found[:100]]})


class Units(ScopedView):
    @extend_schema(parameters=[OpenApiParameter("q", str)], responses={200: OpenApiTypes.OBJECT, **ERRORS})
    def get(self, request: Request) -> Response:
        """Units, by name or pinyin initials."""
        q = request.query_params.get("q", "").strip().lower()[:40]
        units = [u for u in directory.current().units.values() if u.is_active]
        found = [u for u in units if not q or q in u.name or any(i.startswith(q) for i in u.initials.split())]
        rows = [{"id": u.id, "name": u.name, "short_name": u.short_name, "kind": u.kind} for u in found[:100]]
        return Response({"results": rows})
