"""The lists of this app that can be taken out as a file (casework.exports_lists): supervision, the routing board, yearly reports, imports."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from casework import kinds
from casework.exports_lists import CHUNK, Cells, Heading, Listing, Params, Table, register
from casework.models import Case, Document, Reach
from casework.rules import NotAllowed
from organisations import directory
from organisations.roles import Role
from organisations.scope import Scope
from petitions.actions.annual import ISSUERS
from petitions.models import Import
from petitions.queries import routing, texts
from petitions.queries.supervision import ledger
from petitions.rules import KIND
from petitions.rules.supervision import DESK

_WIDTHS = {"编号": 22, "事项": 48, "内容": 48, "单位": 20}


def _ledger(scope: Scope, params: Params) -> Table:
    wanted = ledger.read(params)
    rows = ledger.ledger(scope, wanted)
    return Table(
        f"{ledger.BOOKS[wanted.book].label}台账·{ledger.STATUSES[wanted.status]}",
        [Heading(label, _WIDTHS.get(label, 14)) for label in ledger.HEADINGS],
        lambda most: rows[: most + 1].count(),
        lambda: ledger.cells(wanted.book, rows),
    )


_DESK = (
    Heading("清单", 14),
    Heading("事项", 48),
    Heading("编号", 22),
    Heading("单位", 20),
    Heading("问题和要求", 48),
    Heading("方式", 14),
    Heading("期限", 12),
    Heading("提出日期", 12),
    Heading("提出人", 12),
)


def _desk(scope: Scope, params: Params) -> Table:
    """Every row of the desk's three lists. Raises NotAllowed (403) for whose desk it is not."""
    if scope.holds(DESK, directory.current().centre_id) is None:
        raise NotAllowed("督办台由中心分流员和负责人查看、导出。", code="wrong_role", status=403)
    parts = ledger.desk_parts(scope)

    def rows() -> Iterator[Cells]:
        for label, _, found in parts:
            for row in ledger.lines("supervision", found.iterator(chunk_size=CHUNK)):
                yield (label, row.title, row.number, row.unit, row.what, row.way, row.due_on, row.began_on, row.who)

    return Table("", _DESK, lambda most: sum(found[: most + 1].count() for _, _, found in parts), rows)


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


_ANNUAL = (Heading("编号", 32), Heading("名称", 32), Heading("出具时间", 18))


def _annual(scope: Scope, params: Params) -> Table:
    """The yearly reports issued. Raises NotAllowed (403) for who issues none."""
    if scope.holds(ISSUERS, directory.current().centre_id) is None:
        raise NotAllowed("年度报告由县中心出具。", code="wrong_role", status=403)
    found = Document.objects.visible_to(scope).filter(case=None, paper="P27").order_by("-id")
    return Table(
        "",
        _ANNUAL,
        lambda most: found[: most + 1].count(),
        lambda: ((one.number, one.name, one.issued_at) for one in found.iterator(chunk_size=CHUNK)),
    )


_IMPORT = (
    Heading("文件", 40),
    Heading("状态", 12),
    Heading("行数", 8),
    Heading("有问题", 8),
    Heading("已导入", 8),
    Heading("导入人", 12),
    Heading("时间", 18),
)


def _imports(scope: Scope, params: Params) -> Table:
    """Every batch. Raises NotAllowed (403) for everybody but the centre's office."""
    if scope.holds({Role.OFFICE}, directory.current().centre_id) is None:
        raise NotAllowed("批量导入由中心分流员查看、导出。", code="wrong_role", status=403)
    found = Import.objects.select_related("by")

    def rows() -> Iterator[Cells]:
        for one in found.iterator(chunk_size=CHUNK):
            counts = (None,) * 3 if one.state == Import.State.UPLOADED else (one.total, one.bad, one.taken_in)
            yield (one.name, one.get_state_display(), *counts, one.by.name, one.at)

    return Table("", _IMPORT, lambda most: found[: most + 1].count(), rows)


_TEXT = (Heading("范围", 12), Heading("用于", 20), Heading("分类", 20), Heading("名称", 24), Heading("内容", 80))


def _texts(scope: Scope, params: Params) -> Table:
    rows = texts.lines(scope, params.get("act", ""))
    return Table("", _TEXT, lambda most: len(rows), lambda: ((row.group, row.act, row.topic, row.template.name, row.template.text) for row in rows))


register(Listing("routing", "分流看板", "petitions:routing", _board, counted="件"))
register(Listing("supervision", "督办", "petitions:supervision", _ledger))
register(Listing("supervision_desk", "督办台", "petitions:supervision-desk", _desk))
register(Listing("annual_reports", "年度报告", "petitions:annual", _annual, counted="份"))
register(Listing("texts", "常用语", "petitions:texts", _texts))
register(Listing("imports", "导入记录", "petitions:imports", _imports, counted="批"))
