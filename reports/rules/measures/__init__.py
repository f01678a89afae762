"""The dictionary of measures: each number of a screen, a sheet, a paper, the API or a unit's score is defined here, once (opening 11).

A measure says which facts belong to a period (`cohort`), which of them are counted (`counted`) and which of those count as
met (`met`). A plain count has no `met`; a sum has `adds`. Conditions are functions of the moment the figure is true of,
because «overdue» depends on it. Definitions follow L-CLS-30…36 and change only with a new version and its first day: the
former stays in the dictionary, and the days of a period say which one is meant (`in_force`).

Forwarding can never improve a figure: a limit that ran out stays with the unit that let it run out (petitions/queries/facts.py),
the centre is measured by the forwarding that was right, a reopened matter counts against who closed it, a wrong forwarding
against who sent it; a card, an urging, a supervision stays with whom it was given to, a dispute with every body that took it
up. What goes with its holder says where things lie: by unit it has no better and no worse (`Measure.direction`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from reports.rules.measures import answering, disputes, ending, flow, incoming, lying
from reports.rules.measures.conditions import OF_LAW, RIPE, UNDECIDED, always
from reports.rules.measures.meaning import BEGINNING, HOLDER, STOCK, Better, Measure, Moment, Sort, When, among, days_beside, is_several, share

__all__ = [
    "ADDING_UP",
    "GROUPS",
    "HOLDER",
    "MEASURES",
    "OF_LAW",
    "STOCK",
    "VERSIONS",
    "Better",
    "Measure",
    "Moment",
    "Sort",
    "When",
    "among",
    "days_beside",
    "in_force",
    "is_several",
    "numbered",
    "share",
    "versions",
]

#: The dictionary in the order it is shown.
_ROWS = (*incoming.ROWS, *answering.ROWS, *ending.ROWS, *lying.ROWS, *flow.ROWS, *disputes.ROWS)


def _former(row: Measure, since: date, **changes: Any) -> Measure:
    """A version that is no longer in force: as the one after it, but for what was changed."""
    return replace(row, version=row.version - 1, valid_from=since, valid_until=row.valid_from - timedelta(days=1), **changes)


def _by_holder(formula: str, **changes: Any) -> dict[str, Any]:
    return {"formula": formula, "answers": HOLDER, "reached": "", "levels": "level", "units_days": "", "steps_days": "", **changes}


#: What went with the holder of the day until `CARRIED`.
_HELD: dict[str, dict[str, Any]] = {
    "supervised": _by_holder("期间内由信访部门决定督办的事项件数。"),
    "yellow": _by_holder("期间内达到黄牌（最高一级）的事项件数。", cohort="card_on", counted=always(card_level=2)),
    "red": _by_holder("期间内达到红牌（最高一级）的事项件数。", cohort="card_on", counted=always(card_level=3)),
    "urged": _by_holder("登记日期在期间内、被催办过的事项件数。", cohort="registered_on", counted=always(urged__gt=0)),
    "disputes": _by_holder("受理日期在期间内的纠纷，每件计一次。"),
    "settled": _by_holder("期间内受理的纠纷中，已达成协议的件数，不论协议在哪一天达成。"),
    "settled_rate": _by_holder("调解成功 ÷ 受理调处；还在调解的也在分母里，所以期间越近，成功率越低。"),
    "mediated_on_time": {"formula": "调解期限在期间内届满的纠纷中，在期限内达成协议或终止的件数 ÷ 届满件数。" + UNDECIDED, "levels": "level"},
}


#: Former versions. Periods that ended in their days, and what was closed by them, are counted by them: of the promises only the
#: family of the reply was read as it stood.
_SECOND = tuple(_former(row, RIPE if row.ripens else BEGINNING, **_HELD[row.code]) for row in _ROWS if row.code in _HELD)
_FIRST = tuple(
    _former(row, BEGINNING, ripens="", stands=row.code == "reply_on_time", formula=row.formula.removesuffix(UNDECIDED))
    for row in (*_ROWS, *_SECOND)
    if row.ripens and row.valid_from == RIPE
)

#: Code → every version, oldest first: without a gap, without an overlap, the last one without an end.
VERSIONS: dict[str, tuple[Measure, ...]] = {
    row.code: tuple(sorted((other for other in (*_FIRST, *_SECOND, *_ROWS) if other.code == row.code), key=lambda other: other.valid_from))
    for row in _ROWS
}
#: Code → the newest version.
MEASURES: dict[str, Measure] = {code: rows[-1] for code, rows in VERSIONS.items()}
#: Counts of which one is, or nearly is, the sum of the others: who knows all but one of them knows that one too.
ADDING_UP = (
    ("closed", "outcome_solved", "outcome_explained", "outcome_not_ours", "outcome_refused"),
    ("open", "aged_15", "aged_30", "aged_60", "aged_over"),
    ("higher", "to_capital", "to_province"),
)
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(row.group for row in _ROWS))


def in_force(code: str, day: date) -> Measure:
    """The version of a measure in force on a day: of a period, on its last one. Days before the dictionary go by its first version."""
    return next((row for row in reversed(VERSIONS[code]) if row.valid_from <= day), VERSIONS[code][0])


def numbered(code: str, version: int) -> Measure:
    """A version by its number, as a sealed report names it. Raises StopIteration for one there never was."""
    return next(row for row in VERSIONS[code] if row.version == version)


def versions(day: date) -> dict[str, int]:
    """Code → version of each measure in force on a day: what a sealed report names."""
    return {code: in_force(code, day).version for code in VERSIONS}
