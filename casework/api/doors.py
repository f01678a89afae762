"""The doors for machines to cases of any kind: who asks, writes that may be sent twice, one address per act, the history."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from casework import submissions, viewings
from casework.api.errors import ERRORS
from casework.api.inputs import ActSerializer
from casework.api.rows import CaseRow, EntryRow
from casework.queries import feed
from casework.rules import NO_BUSINESS, NotAllowed
from organisations import clock
from organisations.models import User
from organisations.scope import Scope, scope_of

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="同一请求重发用同一个值")

#: What an act is to a machine: the shape of its input and the action that does it.
Act = tuple[type[ActSerializer], Callable[..., Any]]


def once(request: Request, write: Callable[[], Response], *, still: Callable[[Any], object]) -> Response:
    """Do the write once for its `Idempotency-Key`; sent again it gets the first answer and changes nothing.

    The key and the answer are stored in the write's own transaction: a crash keeps neither or both. `still` gets the
    first answer and raises ObjectDoesNotExist (404) where the asker may not see it any more. Raises NotAllowed (422)
    when the key is missing, too long, or was used for another request.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(key) <= submissions.KEY_LENGTH:
        raise NotAllowed("请在请求头 Idempotency-Key 中给出 8 到 80 个字符的唯一值。", code="idempotency_key", status=422)
    user = cast(User, request.user)  # IsAuthenticated stands before every view
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    held = submissions.find(user, key)
    if held is None:
        try:
            with transaction.atomic():
                submission = submissions.begin(user, key, digest)
                response = write()
                submissions.finish(submission, response.status_code, response.data)
                return response
        except IntegrityError:
            held = submissions.find(user, key)
            if held is None:
                raise
    if held.request_sha256 != digest:
        raise NotAllowed("这个 Idempotency-Key 已用于另一个请求。", code="idempotency_key_reused", status=422)
    still(held.response)
    return Response(held.response, status=held.status or status.HTTP_200_OK, headers={"Idempotent-Replay": "true"})


class NestedJSON(JSONParser):
    """JSON as it comes; what is nested deeper than can be read is none, instead of an error from below."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError from None


class ScopedView(APIView):
    """A view that knows who is asking, by session or by token."""

    parser_classes = (NestedJSON,)

    @property
    def scope(self) -> Scope:
        return scope_of(cast(User, self.request.user), clock.today())


class BusinessView(ScopedView):
    """A door to business: the three administrators, who manage the system, get the 403 their pages give (L-SEC-4)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.scope.is_admin:
            raise NotAllowed(NO_BUSINESS, code="no_cases", status=403)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one kind of case is given to machines: `one` finds it in the scope (or raises DoesNotExist), `serializer` writes it.

    What `serializer` writes has the case's row under `case`.
    """

    serializer: type[Serializer[Any]]
    one: Callable[[str, Scope], Any]

    def body(self, number: str, scope: Scope) -> dict[str, Any]:
        """The case as it stands; its number alone where the write itself kept it from the asker (L-PET-86)."""
        try:
            return self.serializer(self.one(number, scope), context={"scope": scope}).data
        except ObjectDoesNotExist:
            return {"case": {"number": number}}

    def write(self, request: Request, scope: Scope, does: Callable[[], str], http_status: int = status.HTTP_200_OK) -> Response:
        """Do the write once; `does` answers with the number of the case. Sent again, the first answer is given only while the case is seen."""
        return once(
            request,
            lambda: Response(self.body(does(), scope), status=http_status),
            still=lambda given: self.one(given["case"]["number"], scope),
        )


class ActView(ScopedView):
    """One act on one case; subclasses are made by `act_views`, one address each."""

    takes: ClassVar[type[ActSerializer]]
    does: ClassVar[Callable[..., Any]]
    answer: ClassVar[Answer]

    def perform(self, request: Request, number: str) -> Response:
        def do() -> str:
            taken = self.takes(data=request.data)
            taken.is_valid(raise_exception=True)
            type(self).does(number, **taken.validated_data, by=self.scope)
            return number

        return self.answer.write(request, self.scope, do)


def act_views(prefix: str, acts: Mapping[str, Act], answer: Answer) -> dict[str, Any]:
    """A view per act, each with its own input in the schema. `prefix` is the procedure's code."""
    views = {}
    for code, (takes, does) in acts.items():
        schema = extend_schema(
            operation_id=f"{prefix}_{code}",
            parameters=[KEY],
            request=takes,
            responses={200: answer.serializer, **ERRORS},
            description=(does.__doc__ or "").split("\n\n")[0],
        )
        view: type[ActView] = type(
            f"Act_{code}",
            (ActView,),
            {"takes": takes, "does": staticmethod(does), "answer": answer, "post": schema(_post())},
        )
        views[code] = view.as_view()
    return views


def _post() -> Callable[[ActView, Request, str], Response]:
    """A function of its own for each act: the schema of an operation is kept on the function."""

    def post(self: ActView, request: Request, number: str) -> Response:
        return self.perform(request, number)

    return post


class ListView(ScopedView):
    """Cases of one kind; each kind's subclass names itself in the schema."""

    kind: ClassVar[str]

    def rows(self, request: Request) -> Response:
        page = feed.newest(self.kind, self.scope, feed.read_params(self.kind, request.query_params))
        return Response({"results": CaseRow(page.cases, many=True).data, "next": page.next_cursor})


class TimelineView(ScopedView):
    """The history of a case; each kind's subclass names itself in the schema."""

    kind: ClassVar[str]

    def lines(self, request: Request, number: str) -> Response:
        scope = self.scope
        case, entries, more = feed.history(self.kind, number, scope, request.query_params.get("after", "0"))
        viewings.look(case, scope.user, clock.now())
        return Response({"results": EntryRow(entries, many=True).data, "next": entries[-1].no if more else None})


#: The schema of the subclasses' `get`, but for the operation's name.
LIST: dict[str, Any] = {
    "parameters": [
        OpenApiParameter("cursor", str, description="上一页答复中的 next"),
        OpenApiParameter("limit", int, description="1 到 100，默认 50"),
        OpenApiParameter("state", str, description="状态代码"),
        OpenApiParameter("unit_id", int, description="责任单位"),
        OpenApiParameter("open", bool, description="true 只看在办"),
    ],
    "responses": {200: CaseRow(many=True), **ERRORS},
}
TIMELINE: dict[str, Any] = {
    "parameters": [OpenApiParameter("after", int, description="从第几条之后，默认 0")],
    "responses": {200: EntryRow(many=True), **ERRORS},
}
