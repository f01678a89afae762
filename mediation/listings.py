"""The lists of this app that can be taken out as a file (casework.exports_lists): the corps, its duties and activities, sweep coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from casework.exports_lists import Heading, Listing, Params, Table, register
from mediation.corps import queries as corps
from mediation.screening.queries import covering, lists, tables
from organisations import clock
from organisations.scope import Scope

#: Widths in characters; what is not named here is WIDTH wide.
WIDTH = 14
_WIDTHS = {"擅长纠纷": 36, "情况和结果": 48, "参加人员": 36, "缺少": 24, "所在单位": 20, "单位": 20, "电话（脱敏）": 16}


def headings(labels: Sequence[str]) -> list[Heading]:
    return [Heading(label, _WIDTHS.get(label, WIDTH)) for label in labels]


def _of_rows(words: str, labels: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A short table that is reckoned as a whole."""

    def every() -> Iterator[Sequence[Any]]:
        yield from rows

    return Table(words, headings(labels), lambda most: len(rows), every)


def _people(scope: Scope, params: Params) -> Table:
    wanted = corps.read(params)
    found = corps.people(scope, wanted)
    return Table(wanted.words, headings(corps.HEADINGS), lambda most: found[: most + 1].count(), lambda: corps.cells(found))


def _duties(scope: Scope, params: Params) -> Table:
    month = _month(params.get("month", ""))
    rows = list(corps.fulfilment_cells(corps.fulfilment(scope, month.year, month.month)))
    return _of_rows(f"{month:%Y年%-m月}", corps.DUTY_HEADINGS, rows)


def _month(text: str) -> date:
    """The first day of the month asked for, not after this one."""
    this = clock.today().replace(day=1)
    try:
        return min(date.fromisoformat(f"{text[:7]}-01"), this)
    except ValueError:
        return this


def _activities(scope: Scope, params: Params) -> Table:
    found = corps.activities(scope, corps.read_activities(params))
    return Table("", headings(corps.ACTIVITY_HEADINGS), lambda most: found[: most + 1].count(), lambda: corps.activity_cells(found))


def _coverage(scope: Scope, params: Params) -> Table:
    wanted = lists.read(params, clock.today())
    found = covering.coverage(scope, wanted)
    words = f"{wanted.since} 至 {wanted.until} · 覆盖率＝已报÷（轮次－未到期）"
    return _of_rows(words, tables.HEADINGS, [tables.cells(line) for line in [*found.lines, found.total]])


#: What somebody typed to find a person stays out of the log.
register(Listing("corps", "调解队伍", "mediation:corps", _people, counted="人", private=frozenset({"q"})))
register(Listing("corps_duties", "四个至少", "mediation:corps-duties", _duties))
register(Listing("corps_activities", "站办联动台账", "mediation:corps-activities", _activities, counted="次"))
register(Listing("screening_coverage", "排查覆盖", "mediation:screening-coverage", _coverage))
