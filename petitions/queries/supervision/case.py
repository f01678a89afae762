"""The instructions, supervisions and proposals of one case: what may be read of them, who answers, on which row an act is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework.models import Entry
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import Scope, Standing
from petitions.models import Advice, Instruction, Proposal, Reply, Sponsorship, Supervision
from petitions.rules import supervision as ladder
from petitions.rules.supervision import ANSWERING

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

RUNNING, REPLIED, PROPOSED = Supervision.State.RUNNING, Supervision.State.REPLIED, Supervision.State.PROPOSED


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
