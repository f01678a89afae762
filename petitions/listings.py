"""The lists of this app that can be taken out as a file (casework.exports_lists): the books of supervision."""

from __future__ import annotations

from casework.exports_lists import Heading, Listing, Params, Table, register
from organisations.scope import Scope
from petitions.queries import supervision

_WIDTHS = {"编号": 22, "事项": 48, "内容": 48, "单位": 20}


def _ledger(scope: Scope, params: Params) -> Table:
    wanted = supervision.read(params)
    rows = supervision.ledger(scope, wanted)
    return Table(
        f"{supervision.BOOKS[wanted.book].label}台账·{supervision.STATUSES[wanted.status]}",
        [Heading(label, _WIDTHS.get(label, 14)) for label in supervision.HEADINGS],
        lambda most: rows[: most + 1].count(),
        lambda: supervision.cells(wanted.book, rows),
    )


register(Listing("supervision", "督办", "petitions:supervision", _ledger))
