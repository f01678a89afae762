"""What is supervised, instructed, sponsored and proposed: what the clock finds due, what a case offers, the ledger, the home page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from casework.kinds import Panel, PanelRow
from casework.models import Entry, Reach
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import Scope, Standing
from petitions import codes
from petitions.models import Accompaniment, Advice, Instruction, Proposal, Reply, Sponsorship, Supervision, UrgentReport, Urging
from petitions.queries import blame
from petitions.rules import supervision as ladder
from petitions.rules.supervision import ANSWERING, Trigger

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

RUNNING, REPLIED, PROPOSED = Supervision.State.RUNNING, Supervision.State.REPLIED, Supervision.State.PROPOSED


# -- what the clock finds (L-PET-92) ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A case on which a rule fires."""

    number: str
    unit_id: int
    trigger: Trigger


#: The unit's latest duty of each case; ended, suspended and protected ones stay out. What leaders set themselves is no ground for 督办.
_OVERDUE = """
SELECT DISTINCT ON (d.case_id) d.id, d.name, d.key, d.unit_id, d.due_on, c.number, c.id
  FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id
 WHERE d.met_on IS NULL AND d.dropped_on IS NULL AND d.suspended_on IS NULL AND d.is_duty AND d.due_on < %(today)s
   AND d.unit_id IS NOT NULL AND d.unit_id <> %(centre)s AND d.key <> ALL(%(apart)s)
   AND c.kind = 'petition' AND c.closed_at IS NULL AND NOT c.confidential AND c.state = ANY(%(states)s)
 ORDER BY d.case_id, d.due_on, d.id
"""
_DISSATISFIED = """
SELECT t.petition_id, count(*), c.number, c.unit_id
  FROM (SELECT petition_id FROM petitions_feedback WHERE is_reached AND unit_rating = %(worst)s
        UNION ALL
        SELECT petition_id FROM petitions_rating WHERE target = 'unit' AND value = %(worst)s AND replaced_at IS NULL) t
  JOIN casework_case c ON c.id = t.petition_id
 WHERE NOT c.confidential AND c.state = ANY(%(states)s) AND c.unit_id <> %(centre)s
 GROUP BY t.petition_id, c.number, c.unit_id HAVING count(*) >= %(times)s
 ORDER BY t.petition_id
"""
#: Each matter with all that repeats it, straight or through a repeat in between; supervised is the newest that is open at a unit.
_REPEATED = """
WITH RECURSIVE again AS (
    SELECT source_id, target_id FROM casework_link WHERE kind = 'repeat' AND undone_at IS NULL
), tree AS (
    SELECT a.target_id AS root, a.source_id AS member FROM again a WHERE NOT EXISTS (SELECT FROM again u WHERE u.source_id = a.target_id)
    UNION
    SELECT t.root, a.source_id FROM tree t JOIN again a ON a.target_id = t.member
), counted AS (
    SELECT root, count(DISTINCT member) AS times FROM tree GROUP BY root HAVING count(DISTINCT member) >= %(times)s
)
SELECT DISTINCT ON (n.root) n.root, n.times, c.number, c.unit_id, c.id
  FROM counted n
  JOIN (SELECT root, member FROM tree UNION SELECT root, root FROM tree) m ON m.root = n.root
  JOIN casework_case c ON c.id = m.member
 WHERE c.closed_at IS NULL AND NOT c.confidential AND c.state = ANY(%(states)s) AND c.unit_id <> %(centre)s
 ORDER BY n.root, c.id DESC
"""


def due(today: date, most: int) -> list[Due]:
    """What L-PET-92 proposes today and has not been proposed before, at most so many; the others come with the next run."""
    found: list[tuple[int, Due]] = []
    values: dict[str, Any] = {
        "today": today,
        "centre": directory.current().centre_id or 0,
        "states": sorted(ladder.SENT_OUT),
        "apart": ["pet.instruction", "pet.sponsor", "pet.advice_reply", "pet.advice_set", "pet.suspended", "pet.follow_up"],
    }
    with connection.cursor() as db:
        db.execute(_OVERDUE, values)
        for deadline_id, name, key, unit_id, due_on, number, case_id in db.fetchall():
            trigger = ladder.overdue(deadline_id, name, (today - due_on).days, is_answer=key.startswith("pet.supervise"))
            if trigger is not None:
                found.append((case_id, Due(number, unit_id, trigger)))
        db.execute(_DISSATISFIED, {**values, "worst": "3", "times": ladder.DISSATISFIED_TO_LETTER})
        for case_id, times, number, unit_id in db.fetchall():
            trigger = ladder.dissatisfied(times)
            if trigger is not None:
                found.append((case_id, Due(number, unit_id, trigger)))
        db.execute(_REPEATED, {**values, "times": ladder.REPEATS_TO_TALK})
        for root_id, times, number, unit_id, case_id in db.fetchall():
            trigger = ladder.repeated(root_id, times)
            if trigger is not None:
                found.append((case_id, Due(number, unit_id, trigger)))
    rows = Supervision.objects.filter(petition__in=[case_id for case_id, _ in found]).exclude(rule="")
    known = set(rows.values_list("petition_id", "rule"))
    return [item for case_id, item in found if (case_id, item.trigger.rule) not in known][:most]


# -- one case --------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InstructionLine:
    """An instruction as this person may see it: the words are empty for whom it is not."""

    row: Instruction
    words: str
    reply: str
    age: int
    is_readable: bool


def may_read(leader_id: int, unit_id: int | None, scope: Scope, *, is_confidential: bool) -> bool:
    """Who reads an instruction: leaders of the county, the author, the office, the unit named (L-CLS-43).

    On a protected case the discipline contact stands for every role.
    """
    centre_id = directory.current().centre_id
    for standing in scope.standings:
        person = standing.on_behalf_of_id or scope.user.id
        if standing.role is Role.LEADER and (person == leader_id or standing.unit_id == centre_id):
            return True
        if standing.role in (Role.OFFICE, Role.HEAD) and standing.unit_id == centre_id:
            return True
        if standing.role in ANSWERING and standing.unit_id == unit_id:
            return True
        if is_confidential and standing.role is Role.DISCIPLINE:
            return True
    return False


def instruction_lines(held: CasePage, scope: Scope) -> list[InstructionLine]:
    """All instructions on the case; the words only of those this person may read."""
    today, found = clock.today(), []
    for row in held.instructions:
        readable = may_read(row.leader_id, row.unit_id, scope, is_confidential=held.case.confidential)
        until = row.replied_at or row.seen_at
        age = ((timezone.localdate(until) if until else today) - timezone.localdate(row.at)).days
        found.append(InstructionLine(row, row.words if readable else "", row.reply if readable else "", age, readable))
    return found


@dataclass(frozen=True, slots=True)
class Round:
    """An answer to a supervision that the office returned, and why."""

    answered_by: str
    answered_at: datetime
    reply: str
    returned_by: str
    returned_at: datetime
    words: str


def returned_rounds(held: CasePage) -> dict[int, list[Round]]:
    """Of each supervision every answer that was returned, the first one first: the row keeps the last answer, the history all of them."""
    if not any(row.reply for row in held.supervisions):
        return {}
    acts = ("petition.reply_supervision", "petition.return_supervision")
    found: dict[int, list[Round]] = {}
    answers: dict[int, Entry] = {}
    for line in Entry.objects.filter(case=held.case.pk, act__in=acts).select_related("by").order_by("no"):
        no = line.detail.get("no", 0)
        if line.act == acts[0]:
            answers[no] = line
        elif no in answers:
            answer = answers.pop(no)
            found.setdefault(no, []).append(Round(answer.by.name, answer.at, answer.text, line.by.name, line.at, line.text))
    return found


def last_proposal(held: CasePage, scope: Scope) -> tuple[Proposal, bool] | None:
    """The last 报请领导 with an instruction, and whether this person may read its words: it is addressed to the centre."""
    found = next((row for row in held.proposals[:1] if row.instruction), None)
    if found is None:
        return None
    return found, may_read(found.leader_id, directory.current().centre_id, scope, is_confidential=held.case.confidential)


def _answers(scope: Scope, unit_id: int | None, held: CasePage) -> bool:
    if unit_id is None:
        return False
    if scope.holds(ANSWERING, unit_id) is not None:
        return True
    return held.case.confidential and scope.holds({Role.DISCIPLINE}) is not None


def _is_leader(scope: Scope, leader_id: int) -> bool:
    return any(s.role is Role.LEADER and leader_id == (s.on_behalf_of_id or scope.user.id) for s in scope.standings)


HEADS = frozenset({Role.HEAD})


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers a proposal: by which posts, at which unit, and who is kept out because it may be about them."""

    roles: frozenset[Role]
    unit_id: int
    kept_out: frozenset[int] = frozenset()

    def standing(self, scope: Scope) -> Standing | None:
        return scope.holds(self.roles, self.unit_id)

    def told(self) -> list[dict[str, Any]]:
        """Whom the inbox tells, as `notices.notify` takes it: the unit; of a proposal about a person the head's post, or the

        other heads by name where one of them is kept out.
        """
        if self.roles != HEADS:
            return [{"to_unit_id": self.unit_id}]
        heads = Post.objects.current(clock.today()).filter(unit=self.unit_id, role=Role.HEAD, user__is_active=True)
        people = set(heads.values_list("user_id", flat=True))
        if people.isdisjoint(self.kept_out):
            return [{"to_unit_id": self.unit_id, "to_role": Role.HEAD}]
        return [{"to_user_id": person} for person in sorted(people - self.kept_out)]


def answering(advice: Advice, handler_id: int | None) -> Answering:
    """Everybody who answers for the unit; but a proposal to hold somebody to account is its head's, never the handler's (条例§40③).

    Where every head of the unit has handled the matter, the head of the unit above answers.
    """
    if advice.kind != ladder.BLAME:
        return Answering(ANSWERING, advice.unit_id)
    prepared = Reply.objects.filter(petition=advice.petition_id).values_list("prepared_by_id", flat=True)
    handled = frozenset({*prepared, *([handler_id] if handler_id else [])})
    heads = Post.objects.current(clock.today()).filter(unit=advice.unit_id, role=Role.HEAD, user__is_active=True)
    unit = directory.current().units[advice.unit_id]
    is_own = unit.parent_id is None or heads.exclude(user__in=handled).exists()
    return Answering(HEADS, unit.id if is_own or unit.parent_id is None else unit.parent_id, handled)


def _answers_advice(scope: Scope, advice: Advice, held: CasePage) -> bool:
    by = answering(advice, held.case.handler_id)
    standing = by.standing(scope) or (scope.holds({Role.DISCIPLINE}) if held.case.confidential else None)
    return standing is not None and by.kept_out.isdisjoint({scope.user.id, standing.on_behalf_of_id})


def rows_for(code: str, held: CasePage, scope: Scope) -> list[tuple[int, str]]:
    """The rows on which this person may do the act now, as choices of its form."""
    tree = directory.current()

    def name(unit_id: int) -> str:
        return tree.units[unit_id].short_name if unit_id in tree.units else ""

    if code in _SUPERVISION_STATES:
        rows = [row for row in held.supervisions if row.state in _SUPERVISION_STATES[code]]
        if code == "reply_supervision":
            rows = [row for row in rows if _answers(scope, row.unit_id, held)]
        return [(row.pk, f"{name(row.unit_id)}：{row.get_method_display() or '待定方式'}，{row.words[:30]}") for row in rows]
    if code == "answer_instruction":
        waiting = [row for row in held.instructions if row.replied_at is None and _answers(scope, row.unit_id, held)]
        return [(row.pk, f"{timezone.localdate(row.at):%-m月%-d日}批示，{name(row.unit_id)}落实") for row in waiting]
    if code == "acknowledge_instruction":
        answered = [row for row in held.instructions if row.replied_at and not row.seen_at and _is_leader(scope, row.leader_id)]
        return [(row.pk, f"{timezone.localdate(row.at):%-m月%-d日}批示，{name(row.unit_id)}已反馈") for row in answered]
    if code == "answer_advice":
        open_ones = [row for row in held.advices if row.replied_at is None and _answers_advice(scope, row, held)]
        return [(row.pk, f"{row.get_kind_display()}，{row.due_on:%-m月%-d日}前反馈") for row in open_ones]
    return []


_SUPERVISION_STATES: dict[str, tuple[str, ...]] = {
    "confirm_supervision": (PROPOSED,),
    "drop_supervision": (PROPOSED,),
    "reply_supervision": (RUNNING,),
    "close_supervision": (RUNNING, REPLIED),
    "return_supervision": (REPLIED,),
}
_BY_ROW = frozenset(_SUPERVISION_STATES) | {"answer_instruction", "acknowledge_instruction", "answer_advice"}


def is_offered(code: str, held: CasePage, scope: Scope) -> bool:
    """Whether an act of this stage has something to act on for this person; acts of other stages always have."""
    if code in _BY_ROW:
        return bool(rows_for(code, held, scope))
    if code == "instruct":
        return any(row.instructed_at is None and _is_leader(scope, row.leader_id) for row in held.proposals)
    running = held.sponsorship
    if code == "sponsor":
        return running is None and not held.case.confidential
    if code == "record_sponsor_work":
        return running is not None and _is_party(scope, running)
    if code == "end_sponsorship":
        office = scope.holds({Role.OFFICE}, directory.current().centre_id) is not None
        return running is not None and (office or _is_leader(scope, running.leader_id))
    if code == "propose_supervision":
        return bool(held.dispatches) and all(row.state != PROPOSED for row in held.supervisions)
    return not (code == "advise" and held.case.confidential)


def _is_party(scope: Scope, running: Sponsorship) -> bool:
    if _is_leader(scope, running.leader_id) or scope.holds({Role.OFFICE}, directory.current().centre_id):
        return True
    return any(unit_id and scope.holds(ANSWERING, unit_id) for unit_id in (running.undertaking_unit_id, running.assisting_unit_id))


# -- 督办台, 督办台账 ------------------------------------------------------------------------------------------------------------------------


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
        Book("advice", "三项建议", Advice, "unit", "at__date", Q(replied_at=None), Q(replied_at=None)),
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


def sponsor_leaders(case_ids: Collection[int]) -> dict[int, int]:
    """Case id → the leader who has taken it on (包案): the reminders go to them too (L-CLS-42)."""
    running = Sponsorship.objects.filter(petition__in=case_ids, ended_at=None)
    return dict(running.values_list("petition_id", "leader_id"))


# -- the home page ---------------------------------------------------------------------------------------------------------------------------

#: Lines of a panel on the home page.
SHOWN = 6


def panels(scope: Scope) -> list[Panel]:
    """What waits for the person here: the leader's instructions by age and sponsored cases; what a unit must answer; the office's desk.

    One statement.
    """
    found = _led(scope) if Role.LEADER in scope.roles else _waiting(scope)
    return [panel for panel in found if panel.rows]


def _people(scope: Scope) -> list[int]:
    """The leader, and those the leader stands in for."""
    return [scope.user.id, *(s.on_behalf_of_id for s in scope.standings if s.role is Role.LEADER and s.on_behalf_of_id)]


#: What a leader is waiting for: own instructions not acknowledged yet, oldest first; sponsored cases, nearest end first.
_LED = """
SELECT o.what, c.number, c.title, o.at, o.due_on, o.replied_at
  FROM (SELECT 'instruction' AS what, petition_id, at, due_on, replied_at, at::date AS first FROM petitions_instruction
         WHERE seen_at IS NULL AND leader_id = ANY(%(people)s)
        UNION ALL
        SELECT 'sponsorship', petition_id, at, until_on, NULL, until_on FROM petitions_sponsorship
         WHERE ended_at IS NULL AND leader_id = ANY(%(people)s)) o
  JOIN casework_case c ON c.id = o.petition_id
 WHERE EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%(readers)s))
 ORDER BY o.first, c.id LIMIT %(most)s
"""


def _led(scope: Scope) -> list[Panel]:
    with connection.cursor() as db:
        db.execute(_LED, {"people": _people(scope), "readers": list(scope.readers), "most": _BOTH})
        rows = db.fetchall()
    today = clock.today()
    instructed, sponsored = [], []
    for what, number, title, at, due_on, replied_at in rows:
        url = reverse("petitions:detail", args=[number]) + "#led"
        late = "bad" if due_on and due_on < today and replied_at is None else ""
        if what == "sponsorship":
            sponsored.append(PanelRow(number, title, url, f"{due_on:%-m月%-d日}前化解", late))
        elif replied_at is not None:
            instructed.append(PanelRow(number, title, url, "已反馈，请阅", "blue"))
        else:
            until = f"，{due_on:%-m月%-d日}到期" if due_on else ""
            instructed.append(PanelRow(number, title, url, f"已 {_age(at)} 天{until}", late))
    ledger_url = reverse("petitions:supervision")
    return [
        Panel("我的批示", instructed[:SHOWN], f"{ledger_url}?book=instruction"),
        Panel("我包的案", sponsored[:SHOWN], f"{ledger_url}?book=sponsorship"),
    ]


#: What units owe in writing and what the desk has to confirm; `own` the units answered for, `desk` whether the desk is the person's.
_WAITING = """
SELECT o.what, c.number, c.title, o.due_on
  FROM (SELECT '督办' AS what, petition_id, due_on, id FROM petitions_supervision WHERE state = 'running' AND unit_id = ANY(%(own)s)
        UNION ALL
        SELECT '批示', petition_id, due_on, id FROM petitions_instruction WHERE replied_at IS NULL AND unit_id = ANY(%(own)s)
        UNION ALL
        SELECT '建议', petition_id, due_on, id FROM petitions_advice
         WHERE replied_at IS NULL AND unit_id = ANY(%(own)s) AND (kind <> %(blame)s OR unit_id = ANY(%(headed)s))
        UNION ALL
        SELECT '', petition_id, NULL, id FROM petitions_supervision WHERE state = 'proposed' AND %(desk)s) o
  JOIN casework_case c ON c.id = o.petition_id
 WHERE EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%(readers)s))
 ORDER BY o.due_on NULLS LAST, o.id LIMIT %(most)s
"""
#: Rows read for both panels together.
_BOTH = 60


def _waiting(scope: Scope) -> list[Panel]:
    own = [s.unit_id for s in scope.standings if s.role in ANSWERING]
    if not own:
        return []
    headed = [s.unit_id for s in scope.standings if s.role is Role.HEAD]
    desk = scope.holds(ladder.DESK, directory.current().centre_id) is not None
    with connection.cursor() as db:
        asked: dict[str, Any] = {"own": own, "headed": headed, "blame": ladder.BLAME, "desk": desk, "readers": list(scope.readers), "most": _BOTH}
        db.execute(_WAITING, asked)
        rows = db.fetchall()
    today = clock.today()
    owed, proposed = [], []
    for what, number, title, due_on in rows:
        url = reverse("petitions:detail", args=[number]) + "#led"
        if what:
            words = f"{what}，{due_on:%-m月%-d日}前反馈" if due_on else f"{what}待反馈"
            owed.append(PanelRow(number, title, url, words, "bad" if due_on and due_on < today else ""))
        else:
            proposed.append(PanelRow(number, title, url, "拟督办", "warn"))
    return [
        Panel("须书面反馈", owed[:SHOWN], reverse("petitions:supervision")),
        Panel("督办待确认", proposed[:SHOWN], reverse("petitions:supervision-desk")),
    ]
