"""督办台 and 督办台账: the books of what is supervised, instructed, sponsored, proposed, urged and reported, as lines in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from casework.models import Reach
from organisations import clock, directory
from organisations.scope import Scope
from petitions import codes
from petitions.models import Accompaniment, Advice, Instruction, Sponsorship, Supervision, UrgentReport, Urging
from petitions.queries import blame
from petitions.rules import supervision as ladder

RUNNING, REPLIED, PROPOSED = Supervision.State.RUNNING, Supervision.State.REPLIED, Supervision.State.PROPOSED


@dataclass(frozen=True, slots=True)
class Book:
    """One book of the ledger: what it lists, and which of its rows are open."""

    code: str
    label: str
    model: type[Model]
    unit: str
    since: str
    still_open: Q
    late: Q | None


BOOKS: dict[str, Book] = {
    book.code: book
    for book in (
        Book("supervision", "督办", Supervision, "unit", "proposed_on", Q(state__in=[PROPOSED, RUNNING, REPLIED]), Q(state=RUNNING)),
        Book("instruction", "领导批示", Instruction, "unit", "at__date", Q(replied_at=None), Q(replied_at=None)),
        Book("sponsorship", "领导包案", Sponsorship, "undertaking_unit", "from_on", Q(ended_at=None), Q(ended_at=None)),
        Book("advice", "建议", Advice, "unit", "at__date", Q(replied_at=None), Q(replied_at=None)),
        Book("urging", "催办", Urging, "unit", "at__date", Q(petition__case__closed_at=None), None),
        Book("accompaniment", "陪访代访", Accompaniment, "unit", "on", Q(petition__case__closed_at=None), None),
        Book("urgent", "重大紧急报告", UrgentReport, "unit", "at__date", Q(petition__case__closed_at=None), None),
    )
}
#: Which of a book's rows.
STATUSES = {"open": "未办结", "late": "逾期未反馈", "all": "全部"}
LEDGER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the ledger, read from an address; what it says wrongly is left out."""

    book: str = "supervision"
    status: str = "open"
    method: str = ""
    unit: int | None = None
    since: date | None = None
    until: date | None = None

    def query(self, **changes: Any) -> str:
        held = replace(self, **changes)
        pairs = {"book": held.book, "status": held.status, "method": held.method, "unit": held.unit, "since": held.since, "until": held.until}
        return urlencode({name: str(value) for name, value in pairs.items() if value})


def read(params: Mapping[str, str]) -> Wanted:
    unit = params.get("unit", "")
    return Wanted(
        book=params.get("book", "") if params.get("book") in BOOKS else "supervision",
        status=params.get("status", "") if params.get("status") in STATUSES else "open",
        method=params.get("method", "") if params.get("method") in codes.SUPERVISION_METHODS else "",
        unit=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        since=_day(params.get("since", "")),
        until=_day(params.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year < 3000 else None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the ledger in plain words. An instruction's own words are never among them (L-CLS-43)."""

    number: str
    title: str
    unit: str
    what: str
    way: str
    state: str
    tone: str
    began_on: date
    due_on: date | None
    done_on: date | None
    who: str
    act: str = ""
    pk: int = 0


HEADINGS = ("编号", "事项", "单位", "内容", "方式", "状态", "开始日期", "期限", "完成日期", "经办")


def _visible(book: Book, scope: Scope) -> QuerySet[Any]:
    seen = Reach.objects.filter(case=OuterRef("petition_id"), reader__in=scope.readers)
    rows: QuerySet[Any] = book.model._default_manager.filter(Exists(seen))
    return rows.select_related("petition__case")


def ledger(scope: Scope, wanted: Wanted) -> QuerySet[Any]:
    """The rows of a book the person may see, newest first."""
    book = BOOKS[wanted.book]
    rows = _visible(book, scope)
    if book.model is Advice:
        rows = rows.exclude(pk__in=Advice.objects.filter(blame.kept_from(scope)).values("pk"))
    if wanted.status == "open":
        rows = rows.filter(book.still_open)
    elif wanted.status == "late":
        rows = rows.filter(book.late, **{_due_field(book) + "__lt": clock.today()}) if book.late is not None else rows.none()
    if wanted.unit is not None:
        rows = rows.filter(**{book.unit: wanted.unit})
    if wanted.method and wanted.book == "supervision":
        rows = rows.filter(method=wanted.method)
    if wanted.since:
        rows = rows.filter(**{f"{book.since}__gte": wanted.since})
    if wanted.until:
        rows = rows.filter(**{f"{book.since}__lte": wanted.until})
    people = [f.name for f in book.model._meta.concrete_fields if f.name in ("leader", "by", "proposed_by", "worker")]
    return rows.select_related(*people).order_by("-id")


def _due_field(book: Book) -> str:
    return "until_on" if book.code == "sponsorship" else "due_on"


def lines(book: str, rows: Iterable[Any]) -> Iterator[LedgerRow]:
    """Rows of a book as lines of the ledger."""
    shown = _LINES[book]
    for row in rows:
        yield shown(row)


def cells(book: str, rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The same lines as cells of an export, in the order of HEADINGS, read in pieces."""
    for line in lines(book, rows.iterator(chunk_size=1_000)):
        yield (line.number, line.title, line.unit, line.what, line.way, line.state, line.began_on, line.due_on, line.done_on, line.who)


def _supervision_line(row: Supervision) -> LedgerRow:
    late = row.state == RUNNING and row.due_on is not None and row.due_on < clock.today()
    act = {PROPOSED: "confirm_supervision", REPLIED: "close_supervision"}.get(Supervision.State(row.state), "")
    return _line(
        row,
        row.unit_id,
        what=row.requirement or row.words,
        way=row.get_method_display(),
        state="逾期未反馈" if late else row.get_state_display(),
        tone="bad" if late else "",
        began_on=row.proposed_on,
        due_on=row.due_on,
        done_on=_date(row.replied_at),
        who=row.proposed_by.name,
        act=act,
    )


def _instruction_line(row: Instruction) -> LedgerRow:
    late = row.replied_at is None and row.due_on is not None and row.due_on < clock.today()
    state = "已阅知" if row.seen_at else "已反馈待阅" if row.replied_at else "逾期未反馈" if late else f"待反馈，已 {_age(row.at)} 天"
    return _line(
        row,
        row.unit_id,
        what="批示内容限领导、中心和落实单位知悉",
        way="领导批示",
        state=state,
        tone="bad" if late else "",
        began_on=_date(row.at),
        due_on=row.due_on,
        done_on=_date(row.replied_at),
        who=row.leader.name,
    )


def _sponsorship_line(row: Sponsorship) -> LedgerRow:
    late = row.ended_at is None and row.until_on < clock.today()
    tree = directory.current().units
    helper = tree[row.assisting_unit_id].short_name if row.assisting_unit_id in tree else ""
    return _line(
        row,
        row.undertaking_unit_id,
        what=(row.result or row.plan)[:120],
        way=f"协助：{helper}" if helper else "包案",
        state="已结束" if row.ended_at else "逾期未化解" if late else "包案中",
        tone="bad" if late else "",
        began_on=row.from_on,
        due_on=row.until_on,
        done_on=_date(row.ended_at),
        who=row.leader.name,
    )


def _advice_line(row: Advice) -> LedgerRow:
    late = row.replied_at is None and row.due_on < clock.today()
    state = ("已采纳" if row.is_adopted else "未采纳") if row.replied_at else "逾期未反馈" if late else "待反馈"
    return _line(
        row,
        row.unit_id,
        what=row.words[:120],
        way=row.get_kind_display(),
        state=state,
        tone="bad" if late else "",
        began_on=_date(row.at),
        due_on=row.due_on,
        done_on=_date(row.replied_at),
        who=row.by.name,
    )


def _urging_line(row: Urging) -> LedgerRow:
    way = "信访人催办" if row.is_citizen else "中心催办"
    return _line(row, row.unit_id, what=row.words, way=way, state=f"共 {row.petition.case.urged} 次", began_on=_date(row.at), who=row.by.name)


def _accompaniment_line(row: Accompaniment) -> LedgerRow:
    return _line(
        row,
        row.unit_id,
        what=row.words[:120],
        way=f"{row.get_kind_display()} {row.to_organ}",
        state="避免越级" if row.avoided_level_skip else "未避免越级",
        began_on=row.on,
        who=row.worker.name,
    )


def _urgent_line(row: UrgentReport) -> LedgerRow:
    told = row.phoned_at or row.at
    return _line(
        row,
        row.unit_id,
        what=row.scene,
        way="电话并书面" if row.phoned_at else "书面",
        state=f"{ladder.took(told - row.known_at)}内报告",
        began_on=_date(row.known_at),
        done_on=_date(row.at),
        who=row.by.name,
    )


_LINES: dict[str, Any] = {
    "supervision": _supervision_line,
    "instruction": _instruction_line,
    "sponsorship": _sponsorship_line,
    "advice": _advice_line,
    "urging": _urging_line,
    "accompaniment": _accompaniment_line,
    "urgent": _urgent_line,
}


def _line(row: Any, unit_id: int, *, tone: str = "", due_on: date | None = None, done_on: date | None = None, **more: Any) -> LedgerRow:
    facts = directory.current().units.get(unit_id)
    case = row.petition.case
    unit = facts.short_name if facts else ""
    return LedgerRow(number=case.number, title=case.title, unit=unit, tone=tone, due_on=due_on, done_on=done_on, pk=row.pk, **more)


def _date(moment: Any) -> Any:
    return timezone.localdate(moment) if moment is not None else None


def _age(moment: Any) -> int:
    return (clock.today() - timezone.localdate(moment)).days


@dataclass(frozen=True, slots=True)
class DeskList:
    label: str
    tone: str
    rows: list[LedgerRow]


def desk_parts(scope: Scope) -> list[tuple[str, str, QuerySet[Any]]]:
    """The lists of the desk as label, tone and rows: what waits for the office, what for its judgment, what units owe and are late with."""
    rows = _visible(BOOKS["supervision"], scope).select_related("proposed_by").order_by("due_on", "id")
    return [
        ("待确认", "warn", rows.filter(state=PROPOSED).order_by("id")),
        ("已反馈待审核", "blue", rows.filter(state=REPLIED)),
        ("逾期未反馈", "bad", rows.filter(state=RUNNING, due_on__lt=clock.today())),
    ]


def desk(scope: Scope) -> list[DeskList]:
    """督办台 as its page shows it. Three queries."""
    return [DeskList(label, tone, list(lines("supervision", part[:LEDGER_PAGE]))) for label, tone, part in desk_parts(scope)]


def level_skips_avoided(scope: Scope, since: date, until: date) -> dict[int, int]:
    """How often a worker's going along or instead kept somebody from skipping a level, by the worker's unit (HALL-16, HALL-19)."""
    rows = _visible(BOOKS["accompaniment"], scope).filter(avoided_level_skip=True, on__range=(since, until))
    return dict(rows.values_list("unit").annotate(n=Count("pk")).values_list("unit", "n"))
