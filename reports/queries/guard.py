"""What a reader who is not county-wide may not know of others: small cells, and what they could be computed from (L-SEC-41).

The county sees every case and every number. A department sees what it answers for: all its own. A town or village sees what
happened there, and what happened there is also handled by others: their small numbers, and their people's, stay theirs.

One table alone can be guarded; two that overlap give away their difference. So of other units a place is told one thing
only: the table by unit of a whole month that is over, narrowed by nothing else. Ten days less, one class less, one person
less would make a small number out of two large ones, and so would the running month read today and read again tomorrow.
Counts that add up to another one are told
together or not at all. Of a share both numbers are told once it is of five or more: that is what units are compared by (L-CLS-27).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from organisations import clock, directory
from organisations.models import Post
from organisations.rules import NotAllowed
from reports.queries.figures import Figure, Selection, Table, read, split
from reports.rules import suppression
from reports.rules.measures import ADDING_UP
from reports.rules.periods import Basis, month_of
from reports.rules.suppression import SMALL


def table(found: Table, where: Selection) -> Table:
    """The table with the cells of others that are too small left out, each measure's column for itself."""
    if not where.ground.is_place:
        return found
    own = _own(found.by, found.rows, where)
    if found.by == "unit" and tells_of_others(where):
        return _without(found, {measure.code: _shut(measure.code, where, found) for measure in found.measures})
    return _untold(found, frozenset(found.rows) - own)


def hide(found: Table, own: Collection[Any]) -> Table:
    """The table for a reader who owns the rows `own`: of others no small cell, nor what it could be computed from."""
    return _without(found, {measure.code: _hidden(found, measure.code, own) for measure in found.measures})


def hidden(counts: Mapping[int, int], where: Selection) -> frozenset[int]:
    """Which units' numbers of one row of a table by unit the reader may not know."""
    if not where.ground.is_place:
        return frozenset()
    own = _own("unit", counts, where)
    return suppression.hidden(counts, own) if tells_of_others(where) else frozenset(counts) - own


def tells_of_others(where: Selection) -> bool:
    """Whether a place is told of other units at all: of a whole month that is over, by each measure's own date, and of nothing narrower."""
    month = month_of(where.period.since)
    is_month = (where.period.since, where.period.until) == (month.since, month.until) and month.until < clock.today()
    return is_month and where.basis is Basis.OWN and not where.within(unit_ids=()).is_narrowed


def figure(found: Figure, where: Selection) -> Figure:
    """One figure of a selection. Narrowed to another's unit or person it is hidden where the table by unit hides it."""
    return found.without(sign(found, where)) if _is_others(found, where) else found


def sign(found: Figure, where: Selection) -> str:
    """What stands for another's number that is not told. Where nothing of others is told, not even that it is small."""
    return _sign(found) if tells_of_others(where) else suppression.BESIDE


def _sign(found: Figure) -> str:
    """«不足5» for 1 to 4. Not of parts of a sum: a small sum would tell that its other parts are none."""
    return suppression.BESIDE if any(found.measure.code in group for group in ADDING_UP) else suppression.sign(found.denominator)


def check(where: Selection) -> None:
    """A whole page narrowed to another's few is not shown. Raises NotAllowed (403)."""
    if figure(read("cases", where), where).is_hidden:
        raise NotAllowed(WORDS, code="too_few", status=403)


#: Why another's number is not told.
WORDS = f"所选的数属于其他单位。其他单位的数只提供已结束月份的整月合计，不再细分；不足 {SMALL} 件的，以及可以由它推算的，不提供。"


def narrows_to_others(where: Selection) -> bool:
    """Whether a place's reader asks for a unit or person that is not of the place."""
    if not where.ground.is_place or not (where.unit_ids or where.handler_id):
        return False
    below = {unit.id for unit in directory.current().below(where.ground.unit_id)}
    if where.unit_ids and not set(where.unit_ids) <= below:
        return True
    return bool(where.handler_id) and not Post.objects.filter(unit__in=below, user=where.handler_id).exists()


def _is_others(found: Figure, where: Selection) -> bool:
    """Whether the figure is another's and may not be known."""
    if not narrows_to_others(where):
        return False
    if not where.unit_ids or not tells_of_others(where):
        return True
    shut = _shut(found.measure.code, where.within(unit_ids=()))
    return not shut.isdisjoint(where.unit_ids) or suppression.is_small(found.denominator)


def _shut(code: str, where: Selection, held: Table | None = None) -> frozenset[Any]:
    """Whose cells of a measure are hidden in the table by unit: those too small, and those of whom a sibling is hidden."""
    siblings = next((group for group in ADDING_UP if code in group), (code,))
    is_held = held is not None and set(siblings) <= {measure.code for measure in held.measures}
    found = held if held is not None and is_held else split(siblings, where, "unit")
    own = _own("unit", found.rows, where)
    return frozenset().union(*(_hidden(found, sibling, own) for sibling in siblings))


def _without(found: Table, shut: Mapping[str, Collection[Any]]) -> Table:
    rows = {
        key: {code: figure.without(_sign(figure)) if key in shut[code] else figure for code, figure in cells.items()}
        for key, cells in found.rows.items()
    }
    return replace(found, rows=rows)


def _untold(found: Table, keys: Collection[Any]) -> Table:
    """The table without any number of these rows, and without a word of how large they are."""
    rows = {
        key: {code: figure.without(suppression.BESIDE) for code, figure in cells.items()} if key in keys else cells
        for key, cells in found.rows.items()
    }
    return replace(found, rows=rows)


def _hidden(found: Table, code: str, own: Collection[Any]) -> frozenset[Any]:
    return suppression.hidden({key: row[code].denominator for key, row in found.rows.items()}, own)


def _own(by: str, keys: Collection[Any] | Mapping[Any, Any], where: Selection) -> frozenset[Any]:
    """Which rows of the table are the reader's own unit's or people's. Any other table of his own ground is his own."""
    below = {unit.id for unit in directory.current().below(where.ground.unit_id)}
    if by == "unit":
        return frozenset(key for key in keys if key in below)
    if by == "handler":
        people = Post.objects.filter(unit__in=below, user__in=[key for key in keys if key]).values_list("user_id", flat=True)
        return frozenset(people)
    return frozenset() if narrows_to_others(where) else frozenset(keys)
