"""Lists, one case, its history, registration, and one address per act. `ACTS` is the whole of the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from casework import viewings
from casework.api import once
from organisations import clock, directory
from organisations.models import User
from organisations.scope import Scope, scope_of
from petitions import actions, codes
from petitions.api import serializers as s
from petitions.api.acts import ACTS
from petitions.queries import feed

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="同一请求重发用同一个值")
ERRORS: dict[int, type[Serializer[Any]]] = dict.fromkeys((400, 401, 403, 404, 405, 406, 409, 415, 422, 429), s.Problem)


class ScopedView(APIView):
    """A view that knows who is asking, by session or by token."""

    @property
    def scope(self) -> Scope:
        return scope_of(cast(User, self.request.user), clock.today())

    def still(self, answer: Any) -> object:
        """An answer given once is given again only while its case is seen. Raises Petition.DoesNotExist."""
        return feed.one(answer["case"]["number"], self.scope)


class PetitionList(ScopedView):
    @extend_schema(
        operation_id="petition_list",
        parameters=[
            OpenApiParameter("cursor", str, description="上一页答复中的 next"),
            OpenApiParameter("limit", int, description="1 到 100，默认 50"),
            OpenApiParameter("state", str, description="状态代码"),
            OpenApiParameter("unit_id", int, description="责任单位"),
            OpenApiParameter("open", bool, description="true 只看在办"),
        ],
        responses={200: s.CaseRow(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Cases within the scope, newest first, by cursor: any page as fast as the first."""
        page = feed.newest(self.scope, feed.read_params(request.query_params))
        body = {"results": s.CaseRow(page.cases, many=True).data, "next": page.next_cursor}
        return Response(body)

    @extend_schema(
        operation_id="petition_register",
        parameters=[KEY],
        request=s.RegisterSerializer,
        responses={201: s.PetitionDetail, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Register a matter; answers with its number."""

        def write() -> Response:
            taken = s.RegisterSerializer(data=request.data)
            taken.is_valid(raise_exception=True)
            petition = actions.register(taken.validated_data, by=self.scope)
            return Response(_detail(petition.case.number, self.scope), status=201)

        return once(request, write, still=self.still)


class PetitionOne(ScopedView):
    @extend_schema(operation_id="petition_read", responses={200: s.PetitionDetail, **ERRORS})
    def get(self, request: Request, number: str) -> Response:
        """One case with `allowed_acts`. Outside the scope it does not exist. The case page shows that it was read."""
        scope = self.scope
        found = feed.one(number, scope)
        viewings.look(found.petition.case, scope.user, clock.now())
        return Response(s.PetitionDetail(found, context={"scope": scope}).data)


class PetitionTimeline(ScopedView):
    @extend_schema(
        operation_id="petition_timeline",
        parameters=[OpenApiParameter("after", int, description="从第几条之后，默认 0")],
        responses={200: s.EntryRow(many=True), **ERRORS},
    )
    def get(self, request: Request, number: str) -> Response:
        """History in order, a hundred lines a page."""
        scope = self.scope
        case, entries, more = feed.history(number, scope, request.query_params.get("after", "0"))
        viewings.look(case, scope.user, clock.now())
        body = {"results": s.EntryRow(entries, many=True).data, "next": entries[-1].no if more else None}
        return Response(body)


class Act(ScopedView):
    """One act on one case; subclasses are made from `ACTS`, one address each."""

    code: ClassVar[str]
    takes: ClassVar[type[s.ActSerializer]]
    does: ClassVar[Callable[..., Any]]

    def perform(self, request: Request, number: str) -> Response:
        def write() -> Response:
            taken = self.takes(data=request.data)
            taken.is_valid(raise_exception=True)
            type(self).does(number, **taken.validated_data, by=self.scope)
            return Response(_detail(number, self.scope))

        return once(request, write, still=self.still)


def act_views() -> dict[str, Any]:
    """A view per act, each with its own input in the schema."""
    views = {}
    for code, (takes, does) in ACTS.items():
        schema = extend_schema(
            operation_id=f"petition_{code}",
            parameters=[KEY],
            request=takes,
            responses={200: s.PetitionDetail, **ERRORS},
            description=actions_doc(does),
        )
        view: type[Act] = type(
            f"Act_{code}",
            (Act,),
            {"code": code, "takes": takes, "does": staticmethod(does), "post": schema(_post())},
        )
        views[code] = view.as_view()
    return views


def _post() -> Callable[[Act, Request, str], Response]:
    """A function of its own for each act: the schema of an operation is kept on the function."""

    def post(self: Act, request: Request, number: str) -> Response:
        return self.perform(request, number)

    return post


def actions_doc(does: Callable[..., Any]) -> str:
    return (does.__doc__ or "").split("\n\n")[0]


def _detail(number: str, scope: Scope) -> dict[str, Any]:
    return s.PetitionDetail(feed.one(number, scope), context={"scope": scope}).data


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
