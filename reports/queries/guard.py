"""What a reader who is not county-wide may not know of others: small cells, and what they could be computed from (L-SEC-41).

The county sees every case and every number. A department sees what it answers for: all its own. A town or village sees what
happened there, and what happened there is also handled by others: their small numbers, and their people's, stay theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from organisations import directory
from organisations.models import Post
from organisations.rules import NotAllowed
from reports.queries.figures import Figure, Selection, Table, read, split
from reports.rules import suppression
from reports.rules.suppression import SMALL


def table(found: Table, where: Selection) -> Table:
    """The table with the cells of others that are too small left out, each measure's column for itself."""
    if not where.ground.is_place:
        return found
    return hide(found, _own(found.by, found.rows, where))


def hide(found: Table, own: Collection[Any]) -> Table:
    """The table for a reader who owns the rows `own`: of others no small cell, nor what it could be computed from."""
    hidden = {measure.code: _hidden(found, measure.code, own) for measure in found.measures}
    rows = {
        key: {code: replace(figure, numerator=0, denominator=0, is_hidden=True) if key in hidden[code] else figure for code, figure in cells.items()}
        for key, cells in found.rows.items()
    }
    return replace(found, rows=rows)


def figure(found: Figure, where: Selection) -> Figure:
    """One figure of a selection. Narrowed to another's unit or person it is hidden where the table by unit hides it.

    A second filter beside makes cells no table was made of: then nothing of others under `SMALL` is told.
    """
    if not where.ground.is_place or not (where.unit_ids or where.handler_id):
        return found
    own = _own("unit", where.unit_ids, where) if where.unit_ids else _own("handler", [where.handler_id], where)
    asked: Collection[Any] = where.unit_ids or (where.handler_id,)
    if set(asked) <= set(own):
        return found
    by = "unit" if where.unit_ids else "handler"
    whole = split([found.measure.code], where.within(unit_ids=(), handler_id=None), by)
    hidden = _hidden(whole, found.measure.code, _own(by, whole.rows, where))
    if hidden.isdisjoint(asked) and not suppression.is_small(found.denominator):
        return found
    return replace(found, numerator=0, denominator=0, is_hidden=True)


def check(where: Selection) -> None:
    """A whole page narrowed to another's few is not shown. Raises NotAllowed (403)."""
    if figure(read("cases", where), where).is_hidden:
        raise NotAllowed(f"所选范围属于其他单位，又不足 {SMALL} 件，不显示统计。", code="too_few", status=403)


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
    if set(where.unit_ids) - below:
        return frozenset()
    is_own_person = not where.handler_id or Post.objects.filter(unit__in=below, user=where.handler_id).exists()
    return frozenset(keys) if is_own_person else frozenset()
