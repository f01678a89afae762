"""What machines read of a kind of case: newest first by cursor, and the history of one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from casework import kinds
from casework.models import Case, Entry, Reach
from casework.rules import NotAllowed
from organisations.scope import Scope

PAGE = 50
MOST = 100
HISTORY_PAGE = 100


@dataclass(frozen=True, slots=True)
class Params:
    limit: int = PAGE
    after: tuple[datetime, int] | None = None
    state: str = ""
    unit_id: int | None = None
    is_open: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    cases: list[Case]
    next_cursor: str | None


def read_params(kind: str, query: Mapping[str, str]) -> Params:
    """The list's parameters from a query string. Raises NotAllowed (422) for what cannot be read."""
    state = query.get("state", "")
    if state and state not in kinds.get(kind).states:
        raise NotAllowed("没有这个状态代码。", code="state", status=422)
    wanted = query.get("open", "").lower()
    if wanted not in ("", "true", "false"):
        raise NotAllowed("open 只能是 true 或 false。", code="open", status=422)
    return Params(
        limit=_number(query.get("limit", str(PAGE)), "limit", 1, MOST),
        after=_read_cursor(query["cursor"]) if query.get("cursor") else None,
        state=state,
        unit_id=_number(query["unit_id"], "unit_id", 1, 2**31 - 1) if query.get("unit_id") else None,
        is_open=None if not wanted else wanted == "true",
    )


def newest(kind: str, scope: Scope, params: Params) -> Page:
    """One page: an index range per reader, merged; then the cases in one query."""
    keys: set[tuple[datetime, int]] = set()
    for reader in scope.readers:
        rows = Reach.objects.filter(reader=reader, case__kind=kind)
        if params.state:
            rows = rows.filter(state=params.state)
        if params.unit_id is not None:
            rows = rows.filter(unit_id=params.unit_id)
        if params.is_open is not None:
            rows = rows.filter(is_open=params.is_open)
        if params.after is not None:
            moment, pk = params.after
            rows = rows.filter(Q(opened_at__lt=moment) | Q(opened_at=moment, case_id__lt=pk))
        newest_first = rows.only("opened_at", "case_id").order_by("-opened_at", "-case_id")
        keys.update((row.opened_at, row.case_id) for row in newest_first[: params.limit + 1] if row.opened_at)
    ordered = sorted(keys, reverse=True)
    shown = ordered[: params.limit]
    found = Case.objects.select_related("unit", "area", "handler").in_bulk([pk for _, pk in shown])
    return Page(
        cases=[found[pk] for _, pk in shown],
        next_cursor=_write_cursor(*shown[-1]) if len(ordered) > params.limit else None,
    )


def history(kind: str, number: str, scope: Scope, after: str) -> tuple[Case, list[Entry], bool]:
    """The case, a page of its history after the line `after`, and whether there is more. Raises Case.DoesNotExist outside."""
    case = Case.objects.visible_to(scope).get(number=number, kind=kind)
    first = _number(after, "after", 0, 2**31 - 1)
    lines, kept = Entry.objects.filter(case=case, no__gt=first), kinds.get(kind).kept_lines
    if kept is not None:
        lines = lines.exclude(kept(case.pk, scope))
    rows = list(lines.select_related("on_behalf_of").order_by("no")[: HISTORY_PAGE + 1])
    return case, rows[:HISTORY_PAGE], len(rows) > HISTORY_PAGE


def _number(text: str, name: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise NotAllowed(f"{name} 应为 {least} 到 {most} 的整数。", code=name, status=422)
    return int(text)


def _write_cursor(moment: datetime, pk: int) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{pk}".encode()).decode()


def _read_cursor(text: str) -> tuple[datetime, int]:
    try:
        moment, pk = base64.urlsafe_b64decode(text.encode()).decode().split("|")
        parsed = datetime.fromisoformat(moment)
        if parsed.tzinfo is None or not 0 < int(pk) < 2**63:
            raise ValueError
        return parsed, int(pk)
    except (ValueError, UnicodeError, binascii.Error) as error:
        raise NotAllowed("cursor 无效，请从第一页重新开始。", code="cursor", status=422) from error
