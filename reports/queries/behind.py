"""The list a number opens: the same cases, page by page, each with its page where the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from casework import kinds
from casework.models import Case, Reach
from organisations import directory
from organisations.models import User
from organisations.rules import NotAllowed
from organisations.scope import Scope
from reports.queries import guard
from reports.queries.figures import Selection, case_ids, read

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it. What the reader may not see in the docket has no number, no words and no page."""

    case: Case
    state: str
    unit: str
    area: str
    handler: str
    url: str
    is_hidden: bool


def rows(code: str, part: str, where: Selection, scope: Scope, page: int, facts: QuerySet[Any] | None = None) -> tuple[list[Row], int]:
    """One page of the cases behind a number, newest first, and how many there are in all. Raises NotAllowed for a number not told."""
    found = told(code, part, where, facts)
    return shown(list(found[(page - 1) * PAGE : page * PAGE]), scope), found.count()


def told(code: str, part: str, where: Selection, facts: QuerySet[Any] | None = None) -> QuerySet[Case]:
    """The cases behind a number, newest first. Raises NotAllowed for a number not told."""
    if guard.figure(read(code, where, facts), where).is_hidden:
        raise NotAllowed(guard.WORDS, code="too_few", status=403)
    return Case.objects.filter(pk__in=case_ids(code, where, part, facts).values("case_id")).order_by("-opened_at", "-pk")


def shown(found: list[Case], scope: Scope) -> list[Row]:
    """Those cases as far as this reader may see them."""
    seen = set(Reach.objects.filter(case__in=found, reader__in=scope.readers).values_list("case_id", flat=True))
    tree = directory.current()
    names = dict(User.objects.filter(pk__in={case.handler_id for case in found if case.handler_id}).values_list("pk", "name"))
    return [_row(case, seen, tree, names) for case in found]


def _row(case: Case, seen: set[int], tree: directory.Directory, names: dict[int, str]) -> Row:
    kind = kinds.get(case.kind)
    if case.pk not in seen:
        return Row(case, "", "", "", "", "", is_hidden=True)
    area = tree.areas.get(case.area_id)
    return Row(
        case,
        kind.states.get(case.state, case.state),
        tree.units[case.unit_id].short_name,
        area.path_name if area else "",
        names.get(case.handler_id or 0, ""),
        reverse(kind.detail_url, args=[case.number]),
        is_hidden=False,
    )
