"""催办 and 督办: a unit is pressed on, on record; the office decides what goes out, the unit answers in writing (条例§39③ §40)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from casework import cases, deadlines, documents, notices
from casework.models import Deadline, Reach
from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Post, User
from organisations.roles import Role
from organisations.scope import Scope, Standing
from petitions import rules
from petitions.actions import act as beats
from petitions.actions.naming import desk_of
from petitions.models import Dispatch, Petition, Supervision, Task, Urging
from petitions.papers import supervision as papers
from petitions.queries.supervision.due import due
from petitions.rules import supervision as ladder

#: What is said for the person when they give no words of their own.
CITIZEN_WORDS = "信访人催问办理进展，请尽快办理并答复。"


# -- 催办 ------------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def urge(number: str, *, words: str, by: Scope, is_citizen: bool = False, version: int | None = None) -> Petition:
    """Press the responsible unit on; counted by rows, at every third the leaders are told (beyond.md 17). Raises NotAllowed.

    `is_citizen`: the person asked by telephone or at the window, and the clerk writes it down: once a day, as online.
    """
    act = beats.begin("urge", number, by, version)
    if is_citizen:
        _once_a_day(act)
    urging = _urged(act, words, is_citizen=is_citizen)
    if not is_citizen:
        paper = papers.urging(act.petition, act.case, urging, act.today, by=by.user.name)
        urging.document = documents.issue(act.case, paper, by=act.standing, at=act.now)
        urging.save(update_fields=["document"])
    return _tell_urged(act, urging)


@transaction.atomic
def urge_by_citizen(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Petition:
    """The person asks again on their own page; at most once a day and case. Raises NotAllowed, kindly."""
    act = beats.begin("urge", number, by, version)
    _once_a_day(act)
    return _tell_urged(act, _urged(act, words.strip() or CITIZEN_WORDS, is_citizen=True))


def _once_a_day(act: beats.Act) -> None:
    last = Urging.objects.filter(petition=act.petition, is_citizen=True).order_by("-id").first()
    if last is not None and rules.local_date(last.at) == act.today:
        raise NotAllowed("您今天的催办已经转达给承办单位了，请等候回音；明天还可以再催。", code="urged_today")


def _urged(act: beats.Act, words: str, *, is_citizen: bool) -> Urging:
    urging = Urging.objects.create(
        petition=act.petition, unit_id=act.case.unit_id, is_citizen=is_citizen, words=words[:300], by=act.by.user, at=act.now
    )
    act.case.urged = Urging.objects.filter(petition=act.petition).count()
    cases.mark(act.case, ladder.URGED)
    if act.case.urged >= ladder.URGINGS_TO_LEADER:
        cases.mark(act.case, ladder.URGED_OFTEN)
    return urging


def _tell_urged(act: beats.Act, urging: Urging) -> Petition:
    case, times = act.case, act.case.urged
    text = f"{case.number} 第 {times} 次催办：{urging.words}"
    if case.handler_id is not None:
        notices.notify(case, kind="petition.urge", text=text, at=act.now, to_user_id=case.handler_id)
    else:
        notices.notify(case, kind="petition.urge", text=text, at=act.now, to_unit_id=case.unit_id)
    if times % ladder.URGINGS_TO_LEADER == 0:
        tell_leaders(act, "petition.urge_leader", f"{case.number} 已催办 {times} 次，请过问：{case.title}")
    detail = {"times": times, "to_unit": unit_name(case.unit_id), "is_citizen": urging.is_citizen}
    return beats.finish(act, text=urging.words, detail=detail, findable=urging.words)


def tell_leaders(act: beats.Act, kind: str, text: str) -> None:
    """A line for every leader who may see the case; of a protected one only for those named on it (L-PET-86)."""
    readers = set(Reach.objects.filter(case=act.case).values_list("reader", flat=True))
    seeing = Q(unit__in=[r for r in readers if r > 0]) | Q(user__in=[-r for r in readers if r < 0])
    posts = Post.objects.current(act.today).filter(seeing, role=Role.LEADER, user__is_active=True)
    for user_id in sorted(set(posts.values_list("user_id", flat=True))):
        notices.notify(act.case, kind=kind, text=text, at=act.now, to_user_id=user_id)


# -- 督办 ------------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose_supervision(
    number: str,
    *,
    reasons: Sequence[str],
    method: str,
    words: str,
    by: Scope,
    unit_id: int | None = None,
    rule: str = "",
    version: int | None = None,
) -> Petition:
    """Say that a unit should be supervised, why and how; the office decides (L-PET-90…92). Raises NotAllowed.

    With `rule` it is the clock that proposes: the same fact is proposed once, and a harder rung takes the place of
    a softer one that still waits.
    """
    act = beats.begin("propose_supervision", number, by, version)
    held = Supervision.objects.filter(petition=act.petition)
    if rule and held.filter(rule=rule).exists():
        return act.petition
    unit_id = _supervised_unit(act, unit_id)
    waiting = held.filter(unit=unit_id, state=Supervision.State.PROPOSED)
    if rule:
        waiting.exclude(rule="").update(
            state=Supervision.State.DROPPED, decided_by=by.user, decided_at=act.now, decision_words="情况加重，另行提出。"
        )
    elif waiting.exists():
        raise NotAllowed("对该单位已有一件督办等待确认，请先确认或不予督办。", code="proposed_before")
    _check_reasons(reasons)
    Supervision.objects.create(
        petition=act.petition,
        unit_id=unit_id,
        reasons=list(reasons),
        method=method,
        words=words[:500],
        rule=rule,
        proposed_by=by.user,
        proposed_on=act.today,
    )
    text = f"{act.case.number} 拟督办{unit_name(unit_id)}，请确认：{words}"
    notices.notify(act.case, kind="petition.propose_supervision", text=text, at=act.now, to_unit_id=desk_of(act))
    detail = {"to_unit": unit_name(unit_id), "way": papers.method_words(method), "reasons": papers.reason_words(reasons)}
    return beats.finish(act, text=words, detail=detail, is_internal=True)


@transaction.atomic
def confirm_supervision(
    number: str,
    *,
    no: int,
    reasons: Sequence[str],
    method: str,
    words: str,
    requirement: str,
    by: Scope,
    due_on: date | None = None,
    version: int | None = None,
) -> Petition:
    """The 督办 goes out: grounds, way, requirement, term; a 督办函 when it goes by letter (条例§40①). Raises NotAllowed.

    The term is ten working days (pet.supervise_reply) unless a date is given. One that already ran for the unit
    is taken over by this one: nobody owes two answers on the same matter.
    """
    act = beats.begin("confirm_supervision", number, by, version)
    row = _supervision(act, no, Supervision.State.PROPOSED)
    _check_reasons(reasons)
    rules.check_filled({"存在的问题": words, "办理要求": requirement})
    due_on = term_end(act, SUPERVISION_TERM, due_on)
    older = Supervision.objects.filter(petition=act.petition, unit=row.unit_id, state=Supervision.State.RUNNING)
    if older.update(state=Supervision.State.CLOSED, closed_by=by.user, closed_at=act.now, decision_words="由后一次督办接续。"):
        drop_clock(act, SUPERVISION_TERM, row.unit_id)
    row.reasons, row.method, row.words, row.requirement = list(reasons), method, words, requirement
    row.due_on, row.state, row.decided_by, row.decided_at = due_on, Supervision.State.RUNNING, by.user, act.now
    run_clock(act, SUPERVISION_TERM, row.unit_id, "督办送达", due_on)
    if method == ladder.METHOD_LETTER:
        paper = papers.supervision_letter(act.petition, act.case, row, act.today)
        row.document = documents.issue(act.case, paper, by=act.standing, at=act.now)
    row.save()
    cases.mark(act.case, ladder.SUPERVISED)
    text = f"{act.case.number} {papers.method_words(method)}，请于{due_on.month}月{due_on.day}日前反馈：{requirement}"
    notices.notify(act.case, kind="petition.confirm_supervision", text=text, at=act.now, to_unit_id=row.unit_id)
    detail = {
        "to_unit": unit_name(row.unit_id),
        "way": papers.method_words(method),
        "reasons": papers.reason_words(reasons),
        "due_on": due_on.isoformat(),
    }
    return beats.finish(act, text=requirement, detail=detail)


@transaction.atomic
def drop_supervision(number: str, *, no: int, words: str, by: Scope, version: int | None = None) -> Petition:
    """The office does not follow the proposal, and says why; the same fact is not proposed again. Raises NotAllowed."""
    act = beats.begin("drop_supervision", number, by, version)
    row = _supervision(act, no, Supervision.State.PROPOSED)
    row.state, row.decision_words = Supervision.State.DROPPED, words[:300]
    row.decided_by, row.decided_at = by.user, act.now
    row.save(update_fields=["state", "decision_words", "decided_by", "decided_at"])
    return beats.finish(act, text=words, detail={"to_unit": unit_name(row.unit_id)}, is_internal=True)


@transaction.atomic
def reply_supervision(number: str, *, no: int, text: str, by: Scope, version: int | None = None) -> Petition:
    """The supervised unit answers in writing; its term is kept (条例§40①). Raises NotAllowed."""
    act = beats.begin("reply_supervision", number, by, version)
    row = _supervision(act, no, Supervision.State.RUNNING)
    stand_for(act, row.unit_id)
    rules.check_filled({"反馈情况": text})
    row.state, row.reply = Supervision.State.REPLIED, text
    row.replied_by, row.replied_at = by.user, act.now
    row.save(update_fields=["state", "reply", "replied_by", "replied_at"])
    meet_clock(act, SUPERVISION_TERM, row.unit_id, "督办送达", ())
    note = f"{act.case.number} {unit_name(row.unit_id)}已反馈督办，请审核"
    notices.notify(act.case, kind="petition.reply_supervision", text=note, at=act.now, to_unit_id=desk_of(act))
    return beats.finish(act, text=text, detail={"no": row.pk}, findable=text)


@transaction.atomic
def close_supervision(number: str, *, no: int, words: str, by: Scope, version: int | None = None) -> Petition:
    """What was complained of is put right; also without an answer, when the office sees it itself. Raises NotAllowed."""
    act = beats.begin("close_supervision", number, by, version)
    row = _supervision(act, no, Supervision.State.RUNNING, Supervision.State.REPLIED)
    row.state, row.decision_words = Supervision.State.CLOSED, words[:300]
    row.closed_by, row.closed_at = by.user, act.now
    row.save(update_fields=["state", "decision_words", "closed_by", "closed_at"])
    drop_clock(act, SUPERVISION_TERM, row.unit_id)
    going_on = Supervision.objects.filter(petition=act.petition, state__in=[Supervision.State.RUNNING, Supervision.State.REPLIED])
    if not going_on.exists():
        act.case.marks = [code for code in act.case.marks if code != ladder.SUPERVISED]
    return beats.finish(act, text=words, detail={"to_unit": unit_name(row.unit_id)})


@transaction.atomic
def return_supervision(number: str, *, no: int, words: str, by: Scope, due_on: date | None = None, version: int | None = None) -> Petition:
    """The answer does not do: answered again, to a new term. Raises NotAllowed."""
    act = beats.begin("return_supervision", number, by, version)
    row = _supervision(act, no, Supervision.State.REPLIED)
    due_on = term_end(act, SUPERVISION_TERM, due_on)
    row.state, row.decision_words, row.due_on = Supervision.State.RUNNING, words[:300], due_on
    row.save(update_fields=["state", "decision_words", "due_on"])
    run_clock(act, SUPERVISION_TERM, row.unit_id, "退回督办反馈", due_on)
    text = f"{act.case.number} 督办反馈退回，请于{due_on.month}月{due_on.day}日前重新反馈：{words}"
    notices.notify(act.case, kind="petition.return_supervision", text=text, at=act.now, to_unit_id=row.unit_id)
    detail = {"no": row.pk, "to_unit": unit_name(row.unit_id), "due_on": due_on.isoformat()}
    return beats.finish(act, text=words, detail=detail)


def _supervision(act: beats.Act, no: int, *states: str) -> Supervision:
    row = Supervision.objects.filter(petition=act.petition, pk=no).first()
    if row is None:
        raise NotAllowed("没有这一项督办。", code="no_supervision", status=422)
    if row.state not in states:
        raise NotAllowed(f"这一项督办现在是“{row.get_state_display()}”，不能“{act.step.label}”。", code="wrong_moment")
    return row


def _supervised_unit(act: beats.Act, unit_id: int | None) -> int:
    """The unit that holds the matter, held it, or assists in it. Raises NotAllowed for any other, and for the centre itself."""
    chosen = unit_id or act.case.unit_id
    if chosen == directory.current().centre_id:
        raise NotAllowed("本件在县中心，没有可督办的承办单位。", code="centre", status=422)
    if chosen == act.case.unit_id:
        return chosen
    if Dispatch.objects.filter(petition=act.petition, to_unit=chosen).exists():
        return chosen
    if Task.objects.filter(petition=act.petition, unit=chosen).exclude(state=Task.State.CANCELLED).exists():
        return chosen
    raise NotAllowed("只能督办承办过或协办本件的单位。", code="not_of_case", status=422)


def _check_reasons(reasons: Sequence[str]) -> None:
    if not reasons:
        raise NotAllowed("请选择督办情形（条例第四十条）。", code="reasons", status=422)


# -- the clock proposes ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockStanding(Standing):
    """Not a post: the law's clock found what it proposes, by the rule named in the row."""

    @property
    def label(self) -> str:
        return "按期限规则自动提出"


def propose_due(today: date, most: int) -> int:
    """Propose what L-PET-92 says is due, each in its own transaction; what was proposed before is passed over. Returns how many."""
    by = clock_scope()
    if by is None:
        return 0
    done = 0
    for found in due(today, most):
        try:
            propose_supervision(
                found.number,
                reasons=found.trigger.reasons,
                method=found.trigger.method,
                words=found.trigger.words,
                unit_id=found.unit_id,
                rule=found.trigger.rule,
                by=by,
            )
        except (NotAllowed, Petition.DoesNotExist):
            # Somebody acted on the case since it was found: tomorrow's facts decide anew.
            continue
        done += 1
    return done


def clock_scope() -> Scope | None:
    """Where the clock acts: at the centre, through which every ordinary matter is seen, and no protected one."""
    tree = directory.current()
    user = User.objects.filter(is_clock=True).first()
    if user is None or tree.centre_id is None:
        return None
    centre = tree.units[tree.centre_id]
    standing = ClockStanding(
        role=Role.OFFICE,
        unit_id=centre.id,
        unit_ids=centre.ancestor_ids,
        unit_name=centre.short_name,
        user_id=user.id,
        user_name=user.name,
    )
    return Scope(user=user, standings=(standing,), readers=(centre.id,))


# -- what a unit owes, and until when --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """A limit in two shapes: counted by the setting, or to a date somebody gave. "" where only a date can be given."""

    counted: str
    given: str

    @property
    def keys(self) -> list[str]:
        return [key for key in (self.counted, self.given) if key]


SUPERVISION_TERM = Term("pet.supervise_reply", "pet.supervise_set")


def stand_for(act: beats.Act, unit_id: int, roles: Collection[Role] = ()) -> None:
    """The act is done for that unit: by a post there, of `roles` or of the step's; on a protected case the discipline contact

    stands for every role. Raises NotAllowed.
    """
    standing = act.by.holds(roles or act.step.roles, unit_id)
    if standing is not None:
        act.standing = standing
    elif not (act.case.confidential and act.standing.role is Role.DISCIPLINE):
        raise NotAllowed(f"这一项由{unit_name(unit_id)}办理，您不在该单位任职。", code="wrong_unit", status=403)


def term_end(act: beats.Act, term: Term, due_on: date | None) -> date:
    """The date given, not in the past; or the setting's. Raises NotAllowed."""
    if due_on is None:
        return deadlines.preview(term.counted, act.today).due_on
    if due_on < act.today:
        raise NotAllowed("期限不能早于今天。", code="due_past", status=422)
    return due_on


def run_clock(act: beats.Act, term: Term, unit_id: int, event: str, due_on: date) -> None:
    """One clock a unit and kind: it runs to the earliest date owed; an earlier date takes its place."""
    running = _running(act, term, unit_id)
    held = running.first()
    if held is not None and held.due_on <= due_on:
        return
    running.update(dropped_on=act.today)
    is_counted = term.counted and deadlines.preview(term.counted, act.today).due_on == due_on
    start = deadlines.Start(term.counted if is_counted else term.given, act.today, event, unit_id, None if is_counted else due_on)
    deadlines.turn(act.case, on=act.today, start=[start])


def meet_clock(act: beats.Act, term: Term, unit_id: int, event: str, still_owed: Iterable[date]) -> None:
    """One answer was given: the clock is met and runs on to the next date still owed, unless that is the one it runs to."""
    running = _running(act, term, unit_id)
    held, following = running.first(), min(still_owed, default=None)
    if held is not None and held.due_on == following:
        return
    running.update(met_on=act.today)
    starts = [deadlines.Start(term.given, act.today, event, unit_id, following)] if following else []
    deadlines.turn(act.case, on=act.today, start=starts)


def drop_clock(act: beats.Act, term: Term, unit_id: int) -> None:
    """The unit owes it no more."""
    _running(act, term, unit_id).update(dropped_on=act.today)
    deadlines.turn(act.case, on=act.today)


def _running(act: beats.Act, term: Term, unit_id: int):
    return Deadline.objects.filter(case=act.case, key__in=term.keys, unit=unit_id, met_on=None, dropped_on=None)


def unit_name(unit_id: int) -> str:
    facts = directory.current().units.get(unit_id)
    return facts.short_name if facts else ""
