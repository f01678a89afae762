"""The lists of this app that can be taken out as a file (casework.exports_lists): the books of supervision, the routing board."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from casework import kinds
from casework.exports_lists import CHUNK, Cells, Heading, Listing, Params, Table, register
from casework.models import Case, Reach
from casework.rules import NotAllowed
from organisations import directory
from organisations.roles import Role
from organisations.scope import Scope
from petitions.queries import routing, supervision
from petitions.rules import KIND

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


_BOARD = (
    Heading("看板列", 14),
    Heading("编号", 22),
    Heading("诉求", 48),
    Heading("信访人", 16),
    Heading("属地", 24),
    Heading("期限", 12),
    Heading("单位", 20),
    Heading("承办人", 12),
    Heading("状态", 16),
)


def _board(scope: Scope, params: Params) -> Table:
    """Every card of the four columns, also those the page does not show. Raises NotAllowed (403) for whose desk it is not."""
    centre = directory.current().centre_id or 0
    if scope.holds({Role.OFFICE, Role.HEAD}, centre) is None:
        raise NotAllowed("分流看板由中心分流员和负责人查看、导出。", code="wrong_role", status=403)
    cards = Reach.objects.filter(reader=centre, reader__in=scope.readers, is_open=True)
    if params.get("town"):
        cards = cards.filter(town_code=params["town"])
    if params.get("topic"):
        cards = cards.filter(topic_code__startswith=params["topic"])
    states = [state for _, _, column in routing.COLUMNS for state in column]
    told = "·".join(part for part in (_town(params.get("town", "")), dict(routing.topic_choices()).get(params.get("topic", ""), "")) if part)

    def rows() -> Iterator[Cells]:
        for _, label, column in routing.COLUMNS:
            ids = cards.filter(state__in=column).order_by("due_on", "case_id").values_list("case_id", flat=True).iterator(chunk_size=CHUNK)
            while held := list(islice(ids, CHUNK)):
                found = Case.objects.select_related("unit", "handler").in_bulk(held)
                yield from (_card(label, found[pk]) for pk in held)

    return Table(told, _BOARD, lambda most: cards.filter(state__in=states)[: most + 1].count(), rows)


def _town(code: str) -> str:
    return next((area.name for area in directory.current().areas.values() if code and area.code == code), "")


def _card(column: str, case: Case) -> Cells:
    area = directory.current().areas.get(case.area_id)
    state = kinds.get(KIND.code).states.get(case.state, case.state)
    handler = case.handler.name if case.handler else ""
    return (column, case.number, case.title, case.subject, area.path_name if area else "", case.due_on, case.unit.short_name, handler, state)


register(Listing("routing", "分流看板", "petitions:routing", _board, counted="件"))
register(Listing("supervision", "督办", "petitions:supervision", _ledger))
