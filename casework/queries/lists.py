"""The worklist: one index range of `Reach` per reader, merged; counts of all tabs in one statement; keyset paging.

A person has one unit reader or a few and one personal reader. A page is a UNION ALL of LIMITed ranges, one per
reader, merged and de-duplicated here: the first n of the union lie among the first n of each. A unit below another
reader's unit adds nothing (every case of it is the upper unit's too), so such readers are left out.
"""

# ruff: noqa: S608 (statements are put together from constants of this app; every value is a parameter)

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection

from casework import kinds, lamps, limits
from casework.models import Case, SavedView
from casework.queries import records, search
from casework.queries.filters import MOST_BY_WORDS, OWN, Condition, Filters, Params, by_lamp, conditions, read, role_desks
from organisations import clock, directory, prepared
from organisations.scope import Scope

#: A total is exact up to here; beyond it the list says «10000+».
COUNT_LIMIT = 10_000
#: Most cases of one bulk act (beyond.md 7: limits).
BULK_LIMIT = 500
#: 我关注的: open and closed ones.
FOLLOWED = Filters(followed=True, status="all")

Key = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. The unit and place names come from the directory, not from a join."""

    case: Case
    unit: str
    area: str
    handler: str
    is_followed: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list. `before` and `after` are the cursors of the neighbouring pages, "" where there is none."""

    rows: list[Row]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many match, up to COUNT_LIMIT; and how many of them are late or near."""

    count: int
    overdue: int
    near: int

    @property
    def is_exact(self) -> bool:
        return self.count <= COUNT_LIMIT

    @property
    def text(self) -> str:
        return str(self.count) if self.is_exact else f"{COUNT_LIMIT}+"


@dataclass(frozen=True, slots=True)
class Tab:
    """A view above the list, built in or saved. `count` is None where counting would mean reading closed cases."""

    code: str
    label: str
    query: str
    filters: Filters
    tone: str = ""
    count: int | None = None
    saved: SavedView | None = None


def readers(scope: Scope) -> list[int]:
    """The scope's readers without units below another reader's unit; units first, persons last."""
    tree = directory.current()
    units = [r for r in scope.readers if r > 0]
    inner = {u for u in units if u in tree.units and any(above in units for above in tree.units[u].ancestor_ids if above != u)}
    return [u for u in units if u not in inner] + [r for r in scope.readers if r < 0]


# -- one page ---------------------------------------------------------------------------------------------------------------------------


def page(scope: Scope, filters: Filters, *, size: int, after: str = "", before: str = "") -> Page:
    """One page of the list: two queries however long the list is. A broken cursor is the first page."""
    cursor = _read_cursor(before or after, filters)
    backwards = bool(before) and cursor is not None
    keys = _keys(scope, filters, size + 1, cursor, backwards=backwards)
    more = len(keys) > size
    keys = keys[:size]
    if backwards:
        keys.reverse()
    has_before, has_after = (more, True) if backwards else (cursor is not None, more)
    rows = rows_of(scope, [key[1] for key in keys])
    if not keys:
        return Page([], "", "")
    return Page(
        rows=rows,
        before=_write_cursor(keys[0]) if has_before else "",
        after=_write_cursor(keys[-1]) if has_after else "",
    )


def rows_of(scope: Scope, case_ids: Sequence[int]) -> list[Row]:
    """The cases as rows, in the order of the ids; what the scope does not show is left out."""
    if not case_ids:
        return []
    tree, today = directory.current(), clock.today()
    sql = f"""
        SELECT u.name, {records.columns(Case, "c")} FROM casework_case c LEFT JOIN organisations_user u ON u.id = c.handler_id
         WHERE c.id = ANY(%s::bigint[]) AND EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%s::bigint[]))"""
    with prepared.cursor() as db:
        db.execute(sql, [list(case_ids), list(scope.readers)])
        found = {row[1]: (records.made(Case, row[1:]), row[0] or "") for row in db.fetchall()}
    return [_row(*found[case_id], tree, today) for case_id in case_ids if case_id in found]


def _row(case: Case, handler: str, tree: directory.Directory, today: date) -> Row:
    unit, area = tree.units.get(case.unit_id), tree.areas.get(case.area_id)
    return Row(
        case=case,
        unit=unit.short_name if unit else "",
        area=area.path_name if area else "",
        handler=handler,
        group="超期" if lamps.has_struck(case.due_on, case.marks, clock.now()) else _due_group(case.due_on, today),
    )


def _due_group(due_on: date | None, today: date) -> str:
    """超期 / 今天 / 明天 / 本周 / 以后: how the second view of the list groups its rows."""
    if due_on is None:
        return "无期限"
    left = (due_on - today).days
    if left < 0:
        return "超期"
    if left <= 1:
        return "今天" if left == 0 else "明天"
    return "本周" if left <= 6 - today.weekday() else "以后"


def _keys(scope: Scope, filters: Filters, limit: int, cursor: Key | None, *, backwards: bool = False) -> list[Key]:
    """Sort keys of the first `limit` distinct cases after (or before) the cursor, in the walking direction."""
    sql, params = _union(scope, filters, limit, cursor, backwards=backwards)
    if not sql:
        return []
    with connection.cursor() as db:
        db.execute(sql, params)
        keys = {tuple(row) for row in db.fetchall()}
    return sorted(keys, reverse=_descending(filters) != backwards)[:limit]


def _union(scope: Scope, filters: Filters, limit: int, cursor: Key | None, *, backwards: bool) -> tuple[str, list[Any]]:
    column = "r.due_on" if filters.is_by_due else "r.opened_at"
    descending = _descending(filters) != backwards
    order = "DESC" if descending else "ASC"
    wanted = _conditions(filters, scope)
    if cursor is not None:
        wanted.append(Condition(f"({column}, r.case_id) {'<' if descending else '>'} (%s, %s)", cursor))
    parts: list[str] = []
    params: list[Any] = []
    for reader in readers(scope):
        where = " AND ".join(["r.reader = %s", *(c.sql for c in wanted)])
        parts.append(f"(SELECT {column}, r.case_id FROM casework_reach r WHERE {where} ORDER BY {column} {order}, r.case_id {order} LIMIT %s)")
        params += [reader, *(value for c in wanted for value in c.params), limit]
    return " UNION ALL ".join(parts), params


def looked_up(scope: Scope, filters: Filters) -> Filters:
    """The filter with its words looked up, so that page and total ask the search once. Others are returned as they are."""
    if not filters.q or filters.found is not None:
        return filters
    return replace(filters, found=tuple(search.case_ids(filters.q, scope, limit=MOST_BY_WORDS)))


def _conditions(filters: Filters, scope: Scope) -> list[Condition]:
    """The filter's conditions, with the words typed into it found first; at most MOST_BY_WORDS cases are looked at."""
    found = conditions(filters, scope)
    if filters.q:
        found.append(Condition("r.case_id = ANY(%s)", (list(looked_up(scope, filters).found or ()),)))
    return found


def _descending(filters: Filters) -> bool:
    return not filters.is_by_due and filters.sort != "old"


def _write_cursor(key: Key) -> str:
    return f"{key[0].isoformat()}_{key[1]}"


def _read_cursor(text: str, filters: Filters) -> Key | None:
    moment, _, case_id = text.rpartition("_")
    try:
        value: date | datetime = date.fromisoformat(moment) if filters.is_by_due else datetime.fromisoformat(moment)
        return value, int(case_id)
    except ValueError:
        return None


# -- totals and tabs --------------------------------------------------------------------------------------------------------------------


def _distinct(scope: Scope, wanted: Sequence[Condition], columns: str) -> tuple[str, list[Any]]:
    """Every visible case once: a reader's rows count only where no earlier reader has the case."""
    parts: list[str] = []
    params: list[Any] = []
    earlier: list[int] = []
    for reader in readers(scope):
        where = ["r.reader = %s", *(c.sql for c in wanted)]
        params += [reader, *(value for c in wanted for value in c.params)]
        if earlier:
            where.append("NOT EXISTS (SELECT FROM casework_reach e WHERE e.case_id = r.case_id AND e.reader = ANY(%s))")
            params.append(list(earlier))
        parts.append(f"SELECT {columns} FROM casework_reach r WHERE {' AND '.join(where)}")
        earlier.append(reader)
    return " UNION ALL ".join(parts), params


def total(scope: Scope, filters: Filters) -> Total:
    """How many match, counted no further than COUNT_LIMIT + 1. One query."""
    inner, params = _distinct(scope, _conditions(filters, scope), "r.is_open, r.due_on, r.warn_on, r.marks")
    if not inner:
        return Total(0, 0, 0)
    today = clock.today()
    (late,) = by_lamp("overdue", today)
    sql = (
        f"SELECT count(*), count(*) FILTER (WHERE r.is_open AND {late.sql}), "
        f"count(*) FILTER (WHERE r.is_open AND r.warn_on <= %s AND NOT ({late.sql})) FROM ({inner} LIMIT %s) r"
    )
    with connection.cursor() as db:
        db.execute(sql, [*late.params, today, *late.params, *params, COUNT_LIMIT + 1])
        count, overdue, near = db.fetchone()
    return Total(count, overdue, near)


def tabs(scope: Scope, saved: Iterable[SavedView] = ()) -> list[Tab]:
    """The built-in views of the person's roles and the saved ones, with counts of the open cases in one statement."""
    return tabs_and_total(scope, saved, Filters())[0]


def tabs_and_total(scope: Scope, saved: Iterable[SavedView], filters: Filters) -> tuple[list[Tab], Total]:
    """The tabs, and the total of the list below them: of open cases it comes out of the same statement."""
    found = _built_in(scope, filters.topic) + [_saved_tab(view) for view in saved]
    wanted = [tab.filters for tab in found]
    is_open = filters.status == "open" and not filters.q
    parts = [filters, *(replace(filters, lamp=lamp) for lamp in ("overdue", "today", "soon"))] if is_open else []
    counted = counts(scope, [*wanted, *parts])
    views = [replace(tab, count=count) for tab, count in zip(found, counted, strict=False)]
    if not is_open:
        return views, total(scope, filters)
    count, *lamps = (n or 0 for n in counted[len(wanted) :])
    overdue, today, soon = (n if filters.lamp in ("", lamp) else 0 for n, lamp in zip(lamps, ("overdue", "today", "soon"), strict=True))
    return views, Total(count, overdue, today + soon)


def _built_in(scope: Scope, topic: str) -> list[Tab]:
    """The tabs of the list of everything, or of a kind's own list, whose tabs stay on it."""
    views: list[tuple[str, str, Filters, str]] = []
    if any(item.role in scope.roles for kind in kinds.every() for item in kind.awaiting):
        views.append(("awaiting", "待我办理", Filters(awaiting=True), "blue"))
    views += [
        ("overdue", "超期", Filters(lamp="overdue"), "bad"),
        ("today", "今日到期", Filters(lamp="today"), "warn"),
        ("soon", "临期", Filters(lamp="soon"), "warn"),
    ]
    views += [(desk.code, desk.label, Filters(states=desk.states, mark=desk.mark), "") for desk in role_desks(scope, topic)]
    views += [
        ("group", "集体访", Filters(mark="group"), ""),
        ("followed", "我关注的", FOLLOWED, ""),
        ("open", "全部在办", Filters(), ""),
        ("closed", "已办结", Filters(status="closed"), ""),
        ("all", "全部", Filters(status="all"), ""),
    ]
    own = next((kind.own_topic for kind in kinds.listed(topic)), "")
    kept = [(code, label, replace(filters, topic=own), tone) for code, label, filters, tone in views]
    return [Tab(code, label, filters.query(), filters, tone) for code, label, filters, tone in kept]


def _saved_tab(view: SavedView) -> Tab:
    filters = read(dict(parse_qsl(view.query)))
    return Tab(f"saved-{view.pk}", view.name, filters.query(), filters, "", None, view)


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved view with its filter read."""

    name: str
    query: str
    filters: Filters


def saved(views: Iterable[SavedView], *, only_pinned: bool = False) -> list[Saved]:
    """Saved views as filters, whatever of their addresses is still known."""
    found = []
    for view in views:
        if view.is_pinned or not only_pinned:
            filters = read(dict(parse_qsl(view.query)))
            found.append(Saved(view.name, filters.query(), filters))
    return found


def counts(scope: Scope, wanted: Sequence[Filters]) -> list[int | None]:
    """How many cases each filter finds, in one statement over the open ones; None where closed ones would be read.

    A county has forty thousand open cases and twenty tabs: nobody's count goes through all of them twice. Filters that ask
    the same way are counted together (`_WAYS`), each way by the shortest index that answers it.
    """
    countable = list(dict.fromkeys(f for f in wanted if f.status == "open" and not f.q))
    if not readers(scope):
        return [0 if f in countable or f == FOLLOWED else None for f in wanted]
    asked: dict[str, list[Filters]] = {}
    for filters in countable:
        asked.setdefault(_way(filters, scope), []).append(filters)
    parts = [_counted(scope, way, found) for way, found in asked.items()]
    tables = ", ".join(f"({sql}) {way}" for way, (sql, _) in zip(asked, parts, strict=True))
    more, more_params = _more(scope) if tables else ("", [])
    with connection.cursor() as db:
        db.execute(
            f"{more}SELECT {_FOLLOWED}{''.join(f', {way}.*' for way in asked)}{f' FROM {tables}' if tables else ''}",
            [*more_params, scope.user.id, list(scope.readers), *(value for _, params in parts for value in params)],
        )
        found = dict(zip([FOLLOWED, *(f for way in asked.values() for f in way)], db.fetchone(), strict=True))
    return [found.get(f) for f in wanted]


def _more(scope: Scope) -> tuple[str, list[Any]]:
    """`WITH more`: the open cases which only a later reader of the scope has. Sought once for all ways: a clerk is named on thousands
    of cases, nearly all of them his unit's too. Readers of one case have the same `is_open` and `due_on`, so both lie in the order of the
    index of open ones, and the two ranges are merged."""
    first, *later = readers(scope)
    parts: list[str] = []
    params: list[Any] = []
    for place, reader in enumerate(later):
        earlier = [first, *later[:place]]
        other = "e.reader = %s" if place == 0 else "e.reader = ANY(%s)"
        parts.append(
            f"SELECT {_LISTED} FROM casework_reach r WHERE r.reader = %s AND r.is_open "
            "AND NOT EXISTS (SELECT FROM casework_reach e "
            f"WHERE e.case_id = r.case_id AND e.due_on = r.due_on AND e.is_open AND {other})"
        )
        params += [reader, first if place == 0 else earlier]
    return (f"WITH more AS MATERIALIZED ({' UNION ALL '.join(parts)}) " if parts else ""), params


def _open(scope: Scope, wanted: Sequence[Condition], columns: str, grouped_by: str) -> tuple[str, list[Any]]:
    """Every visible open case once: the first reader's, and what `more` holds. Groups are those of one of the two."""
    values = [value for c in wanted for value in c.params]
    tail = f" GROUP BY {grouped_by}" if grouped_by else ""
    first, *later = readers(scope)
    sql = f"SELECT {columns} FROM casework_reach r WHERE {_joined([Condition('r.reader = %s'), Condition('r.is_open'), *wanted])}{tail}"
    if not later:
        return sql, [first, *values]
    where = f" WHERE {_joined(wanted)}" if wanted else ""
    return f"{sql} UNION ALL SELECT {columns} FROM more r{where}{tail}", [first, *values, *values]


#: What filters of open cases ask for.
_LISTED = (
    "r.reader, r.case_id, r.due_on, r.warn_on, r.opened_at, r.state, r.unit_id, "
    "r.handler_id, r.area_id, r.town_code, r.topic_code, r.urgency, r.marks"
)
_FOLLOWED = (
    "(SELECT count(*) FROM casework_follow f WHERE f.user_id = %s AND EXISTS "
    "(SELECT FROM casework_reach e WHERE e.case_id = f.case_id AND e.reader = ANY(%s)))"
)
#: What the index `reach_tally` holds: the cases of a reader lie there by state and unit, a hundred to the page.
_TALLIED = frozenset({"state", "unit_id"})
#: What the name of a way within a kind's own list begins with.
_OF_OWN = "own_"


def _way(filters: Filters, scope: Scope) -> str:
    """By which index a filter of open cases is counted: a lamp by its days, a mark among the marked, a state in the tally, the rest one by one.

    Cases of a kind with a list of its own lie in an index of their own.
    """
    own = _OF_OWN if OWN in conditions(filters, scope) else ""
    if filters.lamp:
        return own + filters.lamp
    if filters.mark:
        return own + "marked"
    if own:
        return own + "others"
    return "tallied" if _TALLIED.issuperset(_columns(_without_open(filters, scope))) else "others"


def _counted(scope: Scope, way: str, wanted: Sequence[Filters]) -> tuple[str, list[Any]]:
    """One row with a count for each of the filters, which all ask the same way."""
    asked = [_without_open(replace(filters, lamp=""), scope) for filters in wanted]
    common = _of_way(way)
    if way in ("others", "tallied") and all(asked):
        # What none of them asks for need not be read: the database reaches the rest by state and unit.
        either = " OR ".join(f"({_joined(conditions)})" for conditions in asked)
        common.append(Condition(f"({either})", tuple(value for conditions in asked for c in conditions for value in c.params)))
    columns = dict.fromkeys(column for conditions in asked for column in _columns(conditions))
    number, grouped_by = "count(*)", ""
    if way == "tallied" and any(asked):
        number, grouped_by = "sum(r.n)", ", ".join(f"r.{column}" for column in sorted(_TALLIED))
        columns = dict.fromkeys([*sorted(_TALLIED), "n"])
    shown = ", ".join("count(*) AS n" if column == "n" else f"r.{column}" for column in columns) or "r.reader"
    inner, inner_params = _open(scope, common, shown, grouped_by)
    selected = [
        f"coalesce({number}{f' FILTER (WHERE {_joined(conditions)})' if conditions else ''}, 0)::bigint AS {way}_{place}"
        for place, conditions in enumerate(asked)
    ]
    values = [value for conditions in asked for c in conditions for value in c.params]
    return f"SELECT {', '.join(selected)} FROM ({inner}) r", [*values, *inner_params]


def _of_way(way: str) -> list[Condition]:
    """What all cases counted that way have in common, as the index wants to hear it."""
    today = clock.today()
    if way.startswith(_OF_OWN):
        return [OWN, *_of_way(way.removeprefix(_OF_OWN))]
    if way == "marked":
        return [Condition("r.marks <> '{}'::varchar[]")]
    if way == "soon":
        # No case is warned of earlier than the longest warning of any limit: the range ends there.
        longest = max((day for versions in limits.current().limits.values() for limit in versions for day in limit.warn_days), default=0)
        return [*by_lamp(way, today), Condition("r.due_on <= %s", (today + timedelta(days=longest),))]
    return by_lamp(way, today)


def _without_open(filters: Filters, scope: Scope) -> list[Condition]:
    return [c for c in conditions(filters, scope) if c.sql != "r.is_open"]


def _columns(wanted: Iterable[Condition]) -> list[str]:
    return [column for c in wanted for column in re.findall(r"\br\.(\w+)", c.sql)]


def _joined(wanted: Iterable[Condition]) -> str:
    return " AND ".join(c.sql for c in wanted)


# -- what else walks the same list ------------------------------------------------------------------------------------------------------


#: At the end of a list.
NOBODY = ("", "")


def neighbours(scope: Scope, params: Params, number: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Kind and number of the cases before and after this one in the list of that address, "" at an end. Three queries.

    The case itself may have left the list since (a state moved on): its place is still known by its sort key.
    """
    filters = read(params)
    case = Case.objects.visible_to(scope).filter(number=number).values("pk", "due_on", "opened_at").first()
    if case is None:
        return NOBODY, NOBODY
    at = (case["due_on"] or date(9999, 12, 31)) if filters.is_by_due else case["opened_at"]
    key = (at, case["pk"])
    found = [_keys(scope, filters, 1, key, backwards=backwards) for backwards in (True, False)]
    ids = [keys[0][1] if keys else 0 for keys in found]
    named = {pk: (kind, its) for pk, kind, its in Case.objects.visible_to(scope).filter(pk__in=ids).values_list("pk", "kind", "number")}
    return named.get(ids[0], NOBODY), named.get(ids[1], NOBODY)


def first_rows(scope: Scope, wanted: Sequence[tuple[Filters, int]]) -> list[list[Row]]:
    """The first rows of several lists: one small range each and one query for all their cases."""
    ids = [[key[1] for key in _keys(scope, filters, size, None)] for filters, size in wanted]
    rows = {row.case.pk: row for row in rows_of(scope, list(dict.fromkeys(i for group in ids for i in group)))}
    return [[rows[i] for i in group if i in rows] for group in ids]


def numbers(scope: Scope, filters: Filters, limit: int = BULK_LIMIT) -> list[str]:
    """Numbers of all matching cases in list order, at most `limit` (one more than allowed tells that there are more)."""
    keys = _keys(scope, filters, limit, None)
    found = dict(Case.objects.visible_to(scope).filter(pk__in=[key[1] for key in keys]).values_list("pk", "number"))
    return [found[key[1]] for key in keys if key[1] in found]


def export_source(scope: Scope, filters: Filters) -> tuple[str, list[Any]]:
    """SELECT of distinct `case_id`, `due_on`, `opened_at` with its parameters, for an export: the list's own query."""
    return _distinct(scope, _conditions(filters, scope), "r.case_id, r.due_on, r.opened_at")


def export_order(filters: Filters) -> str:
    """ORDER BY of the list over the columns of `export_source` under the alias `k`."""
    column, order = ("k.due_on", "ASC") if filters.is_by_due else ("k.opened_at", "DESC" if _descending(filters) else "ASC")
    return f"{column} {order}, k.case_id {order}"
