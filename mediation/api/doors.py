"""What the doors for machines to the rooms beside the cases share: pages by cursor, and acts on one row done once for their key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, KEY, BusinessView, once
from organisations.rules import SENSIBLE_DAYS
from organisations.scope import Scope

#: Rows of one answer unless fewer are asked for; the most.
PAGE, MOST = 50, 100
CURSOR = OpenApiParameter("cursor", int, description="上一页答复中的 next")
LIMIT = OpenApiParameter("limit", int, description="1 到 100，默认 50")

#: What an act is to a machine: the shape of its input and the action that does it.
Act = tuple[type[serializers.Serializer[Any]], Callable[..., Any]]


class Day(serializers.DateField):
    """A day of this age: one of the year 1 or 9999 is a slip, and nothing can be reckoned from it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=SENSIBLE_DAYS, **options)


def listed(row: type[serializers.Serializer[Any]], operation: str, *asked: OpenApiParameter) -> Any:
    """The schema of a list's `get`: its own filters, the cursor, a page of rows."""
    return extend_schema(operation_id=operation, parameters=[*asked, CURSOR, LIMIT], responses={200: _page_of(row), **ERRORS})


@cache
def _page_of(row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The shape of a page, one for each row: two of one name would be two shapes in the schema."""
    following = serializers.IntegerField(allow_null=True, help_text="没有下一页时为 null")
    return inline_serializer(f"{row.__name__}Page", {"results": row(many=True), "next": following})


def whole(request: Request, name: str) -> int | None:
    """A whole number of the query string; junk counts as not given."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def newest(request: Request, rows: QuerySet[Any], row: type[serializers.Serializer[Any]], **context: Any) -> Response:
    """A page of stored rows, the newest first: any page as fast as the first."""
    cursor, limit = whole(request, "cursor"), _limit(request)
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    found = list(rows.order_by("-pk")[: limit + 1])
    return _page(found[:limit], found[limit:], row, lambda one: one.pk, context)


def counted(request: Request, rows: Iterable[Any], row: type[serializers.Serializer[Any]], key: Callable[[Any], int]) -> Response:
    """A page of rows that are worked out at once (gaps, learners, hosts), by rising key."""
    cursor, limit = whole(request, "cursor"), _limit(request)
    found = sorted((one for one in rows if cursor is None or key(one) > cursor), key=key)
    return _page(found[:limit], found[limit:], row, key, {})


def _limit(request: Request) -> int:
    asked = whole(request, "limit")
    return min(max(asked, 1), MOST) if asked is not None else PAGE


def _page(
    shown: list[Any], rest: list[Any], row: type[serializers.Serializer[Any]], key: Callable[[Any], int], context: Mapping[str, Any]
) -> Response:
    return Response({"results": row(shown, many=True, context=dict(context)).data, "next": key(shown[-1]) if rest else None})


@dataclass(frozen=True, slots=True)
class Given:
    """How one row is given: `one` finds it in the scope by its key, or raises DoesNotExist; `key` is the field of the answer that holds it."""

    serializer: type[serializers.Serializer[Any]]
    one: Callable[[Any, Scope], Any]
    key: str = "id"

    def read(self, found_by: Any, scope: Scope) -> Response:
        return Response(self._body(found_by, scope))

    def write(self, request: Request, scope: Scope, does: Callable[[], Any], http_status: int = status.HTTP_200_OK) -> Response:
        """Do the write once; `does` answers with the row's key. Sent again, the first answer is given only while the row is seen."""
        return once(request, lambda: Response(self._body(does(), scope), status=http_status), still=lambda given: self.one(given[self.key], scope))

    def _body(self, found_by: Any, scope: Scope) -> dict[str, Any]:
        return self.serializer(self.one(found_by, scope), context={"scope": scope}).data


class RowAct(BusinessView):
    """One act on one row; subclasses are made by `row_acts`, one address each."""

    takes: ClassVar[type[serializers.Serializer[Any]]]
    does: ClassVar[Callable[..., Any]]
    given: ClassVar[Given]

    def perform(self, request: Request, found_by: Any) -> Response:
        scope = self.scope

        def do() -> Any:
            self.given.one(found_by, scope)
            type(self).does(found_by, **typed(self.takes, request), by=scope)
            return found_by

        return self.given.write(request, scope, do)


def typed(takes: type[serializers.Serializer[Any]], request: Request) -> Any:
    """What was sent, checked for shape. Raises ValidationError (422)."""
    taken = takes(data=request.data)
    taken.is_valid(raise_exception=True)
    return taken.validated_data


def row_acts(prefix: str, acts: Mapping[str, Act], given: Given) -> dict[str, Any]:
    """A view per act, each with its own input in the schema."""
    views = {}
    for code, (takes, does) in acts.items():
        schema = extend_schema(
            operation_id=f"{prefix}_{code.replace('-', '_')}",
            parameters=[KEY],
            request=takes,
            responses={200: given.serializer, **ERRORS},
            description=(does.__doc__ or "").split("\n\n")[0],
        )
        view: type[RowAct] = type(
            f"{prefix}_{code}", (RowAct,), {"takes": takes, "does": staticmethod(does), "given": given, "post": schema(_post())}
        )
        views[code] = view.as_view()
    return views


def _post() -> Callable[..., Response]:
    """A function of its own for each act: the schema of an operation is kept on the function."""

    def post(self: RowAct, request: Request, **found_by: Any) -> Response:
        return self.perform(request, next(iter(found_by.values())))

    return post
