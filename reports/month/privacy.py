"""What the printed report of a place may not tell of other units: the screen's rule, on the ground a closing froze (L-SEC-41).

The county sees every number; a department, and an enterprise's room like it, what it answers for. A town or a village room
sees what happened there; part of it is in the hands of others, whose small numbers are theirs. Who is «own» stands in the frame: the
tree of units of that day, so that a report made again next year hides the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from reports.month.frames import Frame
from reports.queries import guard
from reports.queries.figures import Figure, Selection, Table
from reports.rules.suppression import BESIDE, FEW

#: What stands for a case that never was in the unit's hands, in a list of a place's report.
ELSEWHERE = "其他单位办理"
#: The columns of a fact that say in whose hands a case was; those of its first sending.
_HANDS = ("unit_id", "registered_unit_id", "forward_unit_id", "accept_unit_id", "reply_unit_id")
_SENDING = ("sent_unit_id", "sign_unit_id")


def table(found: Table, where: Selection, frame: Frame) -> Table:
    """The table with the small cells of other units left out, and what they could be computed from.

    Of days that are no whole month, or of a month not yet over, it holds the own units alone: two reports that overlap would give
    away their difference.
    """
    if not frame.ground.is_place or found.by != "unit":
        return found
    if guard.tells_of_others(where):
        return guard.hide(found, frame.own_units)
    return replace(found, rows={key: cells for key, cells in found.rows.items() if key in frame.own_units})


def note(frame: Frame, where: Selection) -> str:
    """What a table by unit says of what it leaves out; nothing where it leaves out nothing."""
    if not frame.ground.is_place:
        return ""
    if guard.tells_of_others(where):
        return f"“{FEW}”为其他单位1至4件的数；“{BESIDE}”为可以由此推算的数，和可以相加的各项；都是其他单位的数，不在本单位的报告里显示。"
    return "其他单位的数只在月报里提供，本表只列本单位；合计为本地全部事项。"


def in_whole_rows(found: Table, codes: Sequence[str]) -> Table:
    """The same with every figure of `codes` hidden in a row where one is.

    The parts of these tables add up to another column of theirs: what is hidden in one place must not be the difference
    of its neighbours.
    """
    rows = {key: _all_or_nothing(cells, codes) for key, cells in found.rows.items()}
    return replace(found, rows=rows)


def _all_or_nothing(cells: dict[str, Figure], codes: Sequence[str]) -> dict[str, Figure]:
    if not any(cells[code].is_hidden for code in codes):
        return cells
    # One sign for all: a small sum beside one small part would tell that the other parts are none.
    return {code: replace(figure.without(BESIDE), sign=BESIDE) if code in codes else figure for code, figure in cells.items()}


def is_known(fact: Any, frame: Frame, on: date) -> bool:
    """Whether a list may name the case: the unit had it in its hands by that day, or sees every case of its ground.

    Who sent it first and to whom stands in a fact once and for all: before the sending these are nobody's hands.
    """
    is_sent = fact.sent_on is not None and fact.sent_on <= on
    hands = (*_HANDS, *_SENDING) if is_sent else _HANDS
    return not frame.ground.is_place or any(getattr(fact, column) in frame.own_units for column in hands)
