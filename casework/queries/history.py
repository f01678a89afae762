"""The history as a case page shows it: newest first, by stage, in words; and the cases linked with this one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone

from casework.models import Case, Entry, Link
from casework.queries import records
from casework.rules import STAGES
from organisations import prepared
from organisations.scope import Scope

#: Lines of history on a page; older ones are behind «更早的».
TIMELINE_LINES = 100
#: The filters of the history. 内部 is a mark of the line, not an act.
CHIPS = (("", "全部"), ("flow", "流转"), ("talk", "沟通"), ("internal", "内部"))
#: So many linked cases a page lists.
MOST_RELATED = 30
#: How an act's detail keeps a moment.
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")

#: What a line says beside its words, as (label, value).
Facts = Callable[[Entry], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history as the page shows it."""

    entry: Entry
    tone: str
    icon_name: str
    on_behalf: str
    facts: tuple[tuple[str, str], ...]
    is_new: bool
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class StageLines:
    label: str
    took: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Related:
    link: Link
    other: Case
    words: str
    #: The act that undoes it, "" where none does.
    undo: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a case's history a page shows."""

    case: Case
    before: int | None
    acts: Sequence[str] | None
    is_internal: bool


def entries(case: Case, *, show: str, before: int | None, flow_acts: Collection[str], talk_acts: Collection[str]) -> Wanted:
    """The case's lines, newest first: all, or those a chip leaves, and only what is older than line `before`."""
    acts = {"flow": list(flow_acts), "talk": list(talk_acts)}.get(show)
    return Wanted(case, before, acts, show == "internal")


def newest(found: Wanted) -> tuple[list[Entry], bool]:
    """One page of lines, and whether there are older ones. One statement."""
    where: list[str] = ["e.case_id = %s"]
    params: list[Any] = [found.case.pk]
    if found.before is not None:
        where.append("e.no < %s")
        params.append(found.before)
    if found.acts is not None:
        where.append("e.act = ANY(%s::text[])")
        params.append(found.acts)
    if found.is_internal:
        where.append("e.is_internal")
    sql = f"SELECT {records.columns(Entry, 'e')} FROM casework_entry e WHERE {' AND '.join(where)} ORDER BY e.no DESC LIMIT {TIMELINE_LINES + 1}"  # noqa: S608 (names of our own columns)
    with prepared.cursor() as cursor:
        cursor.execute(sql, params)
        lines = [records.made(Entry, row) for row in cursor.fetchall()]
    return lines[:TIMELINE_LINES], len(lines) > TIMELINE_LINES


def timeline(
    entries: Sequence[Entry],
    names: Mapping[int, str],
    looked_at: datetime | None,
    *,
    prefix: str,
    tones: Mapping[str, tuple[str, str]],
    facts: Facts,
    stages: Sequence[str] = STAGES,
) -> list[StageLines]:
    """Newest first, grouped by stage, each group with how long it took.

    `prefix` is the procedure's code, which stands before its acts; `tones` gives dot colour and icon by act.
    """
    # A line is written with the stage its act led to; it was done in the stage of the line before it.
    earlier = [entry.stage for entry in entries[1:]]
    done_in = {entry.pk: 1 if entry.no == 1 else stage or entry.stage for entry, stage in zip(entries, [*earlier, 0][: len(entries)], strict=True)}
    undone = {entry.detail.get("undone") for entry in entries}
    groups = []
    for stage, part in groupby(entries, key=lambda entry: done_in[entry.pk]):
        rows = list(part)
        lines = []
        for entry in rows:
            tone, icon = tones.get(entry.act.removeprefix(f"{prefix}."), ("", "point"))
            is_new = looked_at is not None and entry.at > looked_at
            lines.append(Line(entry, tone, icon, names.get(entry.on_behalf_of_id or 0, ""), tuple(facts(entry)), is_new, entry.no in undone))
        groups.append(StageLines(stages[stage - 1], _took(rows), lines))
    return groups


def _took(rows: Sequence[Entry]) -> str:
    span = rows[0].at - rows[-1].at
    if span.days:
        return f"{span.days} 天"
    hours, minutes = divmod(span.seconds // 60, 60)
    return f"{hours} 时 {minutes} 分" if hours else f"{minutes} 分" if minutes else ""


def detail_facts(words: Mapping[str, str]) -> Facts:
    """What a line's detail holds, in words; keys that are not in `words` are for machines."""

    def facts(entry: Entry) -> Iterator[tuple[str, str]]:
        for key, label in words.items():
            value: Any = entry.detail.get(key)
            if value:
                yield label, "、".join(map(str, value)) if isinstance(value, list) else _shown(str(value))

    return facts


def _shown(value: str) -> str:
    """A moment kept for machines, «2026-11-24T01:34:51.219014+00:00», as the county's clocks show it; any other word as it is."""
    if not _MOMENT.fullmatch(value):
        return value
    try:
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    except ValueError:  # Words somebody typed, which only look like a moment.
        return value


def related(case: Case, links: Sequence[Link], scope: Scope) -> list[Related]:
    """Linked cases the person may see; the others are not even counted. One statement, none where nothing is linked."""
    if not links:
        return []
    found = Link.objects.filter(Q(source=case) | Q(target=case), undone_at=None).select_related("source", "target").order_by("-id")
    others = Case.objects.visible_to(scope)
    found = found.filter(Q(source=case, target__in=others) | Q(target=case, source__in=others))
    rows = []
    for link in found[:MOST_RELATED]:
        is_ours = link.source_id == case.pk
        words = link.get_kind_display()
        if link.kind == Link.Kind.MERGED:
            words = "主案" if is_ours else "并入本案"
        elif link.kind == Link.Kind.REPEAT:
            words = "重复于" if is_ours else "后来重复"
        elif link.kind == Link.Kind.REFERRAL:
            words = "转出到" if is_ours else "转自"
        is_main = link.kind == Link.Kind.MERGED and is_ours
        undo = "unmerge" if is_main else "unlink" if link.kind in (Link.Kind.REPEAT, Link.Kind.RELATED) else ""
        rows.append(Related(link, link.target if is_ours else link.source, words, undo, is_main))
    return rows
