"""What the auditor does, and what a unit answers. The only writer of samples, working papers, questions and checks; no case is changed here."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from casework import actions as docket
from casework import chain, limits, notices
from casework.addressees import Addressee
from casework.models import Case, Seal
from casework.notices import Line
from casework.rules import NotAllowed
from organisations import access, clock, directory
from organisations.models import AccessEntry
from organisations.roles import USUAL_AT
from organisations.scope import Scope, Standing
from reports.audit import queries, rules
from reports.models import AuditQuestion, AuditTurn, IntegrityCheck, Sample, WorkingPaper

#: Kinds of notices (labels: casework.kinds.HOUSE_NOTICES).
QUESTION, REMINDER, ANSWER = "audit.question", "audit.reminder", "audit.answer"
#: Cases whose chains one check walks.
MOST_CHECKED = 5_000


def _refuse(message: str, code: str, status: int = 409) -> NotAllowed:
    return NotAllowed(message, code=code, status=status)


# -- samples ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be drawn: from which cases (as found now, and as words and an address), how many, how, by which seed."""

    title: str
    source: str
    query: str
    case_ids: Sequence[int]
    size: int
    method: str
    seed_way: str
    seed: str = ""


@transaction.atomic
def draw(asked: Draw, *, by: Scope) -> Sample:
    """Draw a sample and open a working paper for each of its cases; the same draw is not made twice. Raises NotAllowed."""
    standing = queries.auditor(by)
    docket.one_at_a_time(by)
    if len(asked.case_ids) > rules.MOST_POPULATION:
        raise _refuse(f"总体超过{rules.MOST_POPULATION // 10_000}万件，请缩小范围。", "too_many", 422)
    rows = queries.population(asked.case_ids, by)
    seed, seed_words = asked.seed.strip(), ""
    if asked.seed_way == Sample.SeedWay.SEAL:
        seal = Seal.objects.order_by("-id").first()
        if seal is None:
            raise _refuse("还没有日封，请人工给定种子。", "no_seal")
        seed, seed_words = seal.hash, f"{seal.day:%Y-%m-%d} 日封"
    if Sample.objects.filter(drawn_by=by.user, title=asked.title, query=asked.query, seed=seed, method=asked.method, size=asked.size).exists():
        raise _refuse("名称、总体、样本数和种子都相同的抽样已经有了，请在“抽样和底稿”里打开。", "drawn_before")
    drawn = rules.draw({row.number: row.stratum for row in rows}, seed=seed, size=asked.size, is_stratified=asked.method == Sample.Method.STRATIFIED)
    numbers = [row.number for row in rows]
    sample = Sample.objects.create(
        title=asked.title,
        unit_id=standing.unit_id,
        source=asked.source,
        query=asked.query,
        population=zlib.compress(queries.population_lines(rows).encode()),
        population_count=len(numbers),
        population_sha256=rules.population_hash(numbers),
        method=asked.method,
        size=asked.size,
        seed=seed,
        seed_way=asked.seed_way,
        seed_words=seed_words,
        algorithm=rules.ALGORITHM,
        drawn_by=by.user,
        drawn_at=clock.now(),
    )
    ids = {row.number: row.case_id for row in rows}
    WorkingPaper.objects.bulk_create(
        WorkingPaper(sample=sample, place=place, case_id=ids[one.number], number=one.number, key=one.key, stratum=one.stratum)
        for place, one in enumerate(drawn, start=1)
    )
    return sample


def _own(pk: int, by: Scope) -> Sample:
    """The sample, locked, if it is this auditor's own and not signed. Raises Sample.DoesNotExist, NotAllowed."""
    queries.auditor(by)
    sample = queries.samples(by).select_for_update(of=("self",)).get(pk=pk)
    if sample.drawn_by_id != by.user.pk:
        raise _refuse("底稿由抽样的审计员本人填写。", "not_yours", 403)
    if sample.signed_at is not None:
        raise _refuse("这份抽样已经签字，底稿不能再改。", "signed")
    return sample


@dataclass(frozen=True, slots=True)
class Desk:
    """The window a paper is typed in, and when it showed the paper last."""

    name: str
    opened_at: datetime


@transaction.atomic
def note(pk: int, place: int, *, verdict: str, words: str, evidence: Sequence[int], desk: Desk, by: Scope) -> WorkingPaper:
    """Keep what stands in a working paper, complete or not. Raises Sample.DoesNotExist, WorkingPaper.DoesNotExist, NotAllowed.

    What another window wrote since this one showed the paper is not overwritten unseen (409).
    """
    sample = _own(pk, by)
    paper = WorkingPaper.objects.select_related("case").get(sample=sample, place=place)
    if paper.noted_at is not None and paper.noted_at > desk.opened_at and paper.desk != desk.name:
        raise _refuse(
            f"这份底稿{timezone.localtime(paper.noted_at):%H:%M}在另一个窗口改过，这里写的还没有保存，请对照后再保存。", "written_elsewhere"
        )
    beyond = [no for no in evidence if not 1 <= no <= paper.case.entries]
    if beyond:
        raise _refuse(f"历史记录没有第{'、'.join(str(no) for no in beyond)}条，该案共{paper.case.entries}条。", "no_such_line", 422)
    paper.verdict, paper.words, paper.evidence = verdict, words, sorted(set(evidence))
    paper.noted_at, paper.desk = clock.now(), desk.name
    paper.save(update_fields=["verdict", "words", "evidence", "noted_at", "desk"])
    return paper


@transaction.atomic
def sign(pk: int, *, conclusion: str, by: Scope) -> Sample:
    """The papers are final. Raises Sample.DoesNotExist, NotAllowed while one lacks its verdict or words."""
    sample = _own(pk, by)
    papers = list(sample.papers.all())
    rules.check_complete([(one.number, one.verdict, one.words) for one in papers], conclusion)
    sample.conclusion, sample.signed_by, sample.signed_at = conclusion, by.user, clock.now()
    content = [[one.place, one.number, one.key, one.verdict, one.words, one.evidence] for one in papers]
    sealed = [sample.seed, sample.population_sha256, sample.method, sample.size, content, conclusion]
    sample.sha256 = hashlib.sha256(json.dumps(sealed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    sample.save(update_fields=["conclusion", "signed_by", "signed_at", "sha256"])
    return sample


# -- questions --------------------------------------------------------------------------------------------------------------


def _due(days: int) -> date:
    """The last working day of the term; counting starts on the day after."""
    if not 1 <= days <= rules.MOST_ANSWER_DAYS:
        raise _refuse(f"答复期限须在1至{rules.MOST_ANSWER_DAYS}个工作日之间。", "wrong_days", 422)
    return limits.current().calendar.add_working_days(clock.today(), days)


def _say(question: AuditQuestion, kind: AuditTurn.Kind, words: str, standing: Standing, by: Scope, due_on: date | None = None) -> AuditTurn:
    return AuditTurn.objects.create(
        question=question,
        no=question.turns.count() + 1,
        kind=kind,
        words=words,
        due_on=due_on,
        by=by.user,
        by_label=f"{standing.user_name}（{standing.label}）",
        at=clock.now(),
    )


def _answerers(unit_id: int) -> list[Addressee]:
    """The posts of the unit that may answer; where none of them is usual, the whole unit."""
    usual = USUAL_AT.get(directory.current().units[unit_id].kind, frozenset()) & rules.ANSWERING
    return [Addressee(unit_id=unit_id, role=role) for role in sorted(usual)] or [Addressee(unit_id=unit_id)]


def _tell_unit(question: AuditQuestion, kind: str, text: str, key: str) -> None:
    lines = [Line(to, kind, text, f"audit:{question.pk}:{key}:{to.key}", is_statutory=True) for to in _answerers(question.unit_id)]
    notices.insert(lines, clock.now())


def _tell_auditor(question: AuditQuestion, text: str, key: str) -> None:
    notices.insert([Line(Addressee(user_id=question.asked_by_id), ANSWER, text, f"audit:{question.pk}:{key}")], clock.now())


@transaction.atomic
def ask(*, unit_id: int, subject: str, words: str, days: int, number: str, sample_id: int | None, by: Scope) -> AuditQuestion:
    """Ask a unit, about a case or without one; the same question is not asked again while it waits.

    Raises NotAllowed, Case.DoesNotExist and Sample.DoesNotExist outside the scope.
    """
    standing = queries.auditor(by)
    docket.one_at_a_time(by)
    if unit_id not in {unit.id for unit in queries.askable(by)}:
        raise _refuse("只能询问本岗位所在单位及其下级单位。", "not_below", 422)
    case = Case.objects.visible_to(by).get(number=number) if number else None
    sample = queries.samples(by).get(pk=sample_id) if sample_id else None
    waiting = AuditQuestion.objects.filter(asked_by=by.user, unit=unit_id, case=case, subject=subject, state=AuditQuestion.State.ASKED)
    if waiting.filter(turns__words=words).exists():
        raise _refuse("同样的询问已经发给这个单位，正在等待答复。", "asked_before")
    due_on = _due(days)
    question = AuditQuestion.objects.create(
        unit_id=unit_id,
        case=case,
        sample=sample,
        subject=subject,
        due_on=due_on,
        asked_by=by.user,
        asked_unit_id=standing.unit_id,
        asked_at=clock.now(),
    )
    _say(question, AuditTurn.Kind.ASK, words, standing, by, due_on)
    _tell_unit(question, QUESTION, f"审计询问：{subject}，请于{due_on:%Y-%m-%d}前答复", "1")
    return question


def _locked(pk: int, by: Scope, state: AuditQuestion.State) -> AuditQuestion:
    """The question, if this person sees it and it stands there. Raises AuditQuestion.DoesNotExist, NotAllowed."""
    question = queries.questions(by).select_for_update(of=("self",)).get(pk=pk)
    if question.state != state:
        raise _refuse(f"这项询问{question.get_state_display()}，现在不能这样做。", "wrong_moment")
    return question


def _judged(pk: int, by: Scope) -> AuditQuestion:
    """The answered question, for who asks on that side and did not answer it. Raises AuditQuestion.DoesNotExist, NotAllowed."""
    question = _locked(pk, by, AuditQuestion.State.ANSWERED)
    if not queries.is_asker(by, question):
        raise _refuse("这项询问不是本单位审计提出的，不能由您确认。", "not_asker", 403)
    last = AuditTurn.objects.filter(question=question, kind=AuditTurn.Kind.ANSWER).order_by("-no").first()
    if last is not None and by.user.pk in {last.by_id}:
        raise _refuse("自己作的答复须由另一名审计员确认。", "same_person", 403)
    return question


@transaction.atomic
def answer(pk: int, *, words: str, by: Scope) -> AuditQuestion:
    """The unit answers. Raises AuditQuestion.DoesNotExist, NotAllowed."""
    question = queries.questions(by).get(pk=pk)
    standing = queries.answerer(by, question)
    if standing is None:
        raise _refuse("审计询问由被询问单位的负责人、承办人答复。", "wrong_role", 403)
    question = _locked(pk, by, AuditQuestion.State.ASKED)
    today = clock.today()
    turn = _say(question, AuditTurn.Kind.ANSWER, words, standing, by)
    question.state, question.answered_on = AuditQuestion.State.ANSWERED, today
    question.was_late = question.was_late or today > question.due_on
    question.save(update_fields=["state", "answered_on", "was_late"])
    _tell_auditor(question, f"{question.unit.short_name}已答复审计询问：{question.subject}", str(turn.no))
    return question


@transaction.atomic
def accept(pk: int, *, words: str, by: Scope) -> AuditQuestion:
    """The answer settles it. Raises AuditQuestion.DoesNotExist, NotAllowed."""
    standing = queries.auditor(by)
    question = _judged(pk, by)
    turn = _say(question, AuditTurn.Kind.ACCEPT, words, standing, by)
    question.state, question.closed_at = AuditQuestion.State.ACCEPTED, clock.now()
    question.save(update_fields=["state", "closed_at"])
    _tell_unit(question, ANSWER, f"审计已确认答复：{question.subject}", str(turn.no))
    return question


@transaction.atomic
def ask_again(pk: int, *, words: str, days: int, by: Scope) -> AuditQuestion:
    """The answer does not settle it: what is missing, and a new date. Raises AuditQuestion.DoesNotExist, NotAllowed."""
    standing = queries.auditor(by)
    question = _judged(pk, by)
    question.state, question.due_on = AuditQuestion.State.ASKED, _due(days)
    question.save(update_fields=["state", "due_on"])
    turn = _say(question, AuditTurn.Kind.AGAIN, words, standing, by, question.due_on)
    _tell_unit(question, QUESTION, f"审计要求补充答复：{question.subject}，请于{question.due_on:%Y-%m-%d}前答复", str(turn.no))
    return question


def remind() -> int:
    """Tell units of questions that are due tomorrow or late, once a day each; the auditor of a late one once. Returns how many were new."""
    today = clock.today()
    calendar = limits.current().calendar
    until = calendar.add_working_days(today, rules.REMIND_BEFORE)
    lines: list[Line] = []
    for question in AuditQuestion.objects.filter(state=AuditQuestion.State.ASKED, due_on__lte=until).select_related("unit"):
        is_late = question.due_on < today
        words = f"已超期，应于{question.due_on:%Y-%m-%d}答复" if is_late else f"{question.due_on:%Y-%m-%d}到期"
        key = f"audit:{question.pk}:{question.due_on}"
        text = f"审计询问“{question.subject}”{words}"
        lines += [Line(to, REMINDER, text, f"{key}:{today}:{to.key}", is_statutory=True) for to in _answerers(question.unit_id)]
        if is_late:
            late = f"{question.unit.short_name}逾期未答复审计询问：{question.subject}"
            lines.append(Line(Addressee(user_id=question.asked_by_id), REMINDER, late, f"{key}:late"))
    return notices.insert(lines, clock.now())


# -- proof of history -------------------------------------------------------------------------------------------------------


@transaction.atomic
def check_integrity(since: date, until: date, *, by: Scope) -> IntegrityCheck:
    """Recompute the chains of the cases that had a line in the period, and the seals of its days; keep what was found. Raises NotAllowed."""
    queries.auditor(by)
    ids = queries.touched(since, until, by, MOST_CHECKED + 1)
    if len(ids) > MOST_CHECKED:
        raise _refuse(f"这段时间有办理记录的案件超过{MOST_CHECKED}件，请缩短期间，分段核验。", "too_many", 422)
    found = [*chain.verify_cases(ids), *chain.verify_seals(since, until)]
    return IntegrityCheck.objects.create(
        since=since,
        until=until,
        cases=len(ids),
        lines=Case.objects.filter(pk__in=ids).aggregate(found=Sum("entries"))["found"] or 0,
        breaks=[[one.where, one.what] for one in found],
        seals=Seal.objects.filter(day__range=(since, until)).count(),
        by=by.user,
        at=clock.now(),
    )


def on_record(what: str, label: str, *, by: Scope, case: Case | None = None, detail: dict[str, Any] | None = None) -> AccessEntry:
    """Put an export of the auditor's on record before a byte of it leaves, not more than so many an hour (L-SEC-7, L-SEC-40). Raises NotAllowed."""
    standing = queries.auditor(by)
    docket.check_pace(by)
    return access.log(
        AccessEntry.Event.EXPORT,
        user=by.user,
        unit_id=standing.unit_id,
        object_type="case" if case else "audit",
        object_id=case.pk if case else what,
        object_label=label,
        field=what,
        detail=detail or {},
    )


def mark(by: Scope) -> str:
    """The watermark of everything taken away: who, where, when (L-SEC-40)."""
    unit = f" {by.home.unit_name}" if by.home else ""
    return f"{by.user.name}（{by.user.username}）{unit} {timezone.localtime(clock.now()):%Y-%m-%d %H:%M} 导出"


def take(what: str, label: str, *, by: Scope) -> str:
    """A list goes upward or into a file: on record first, by whoever may see it. Returns the watermark. Raises NotAllowed: too often."""
    docket.check_pace(by)
    home = by.home
    access.log(
        AccessEntry.Event.EXPORT, user=by.user, unit_id=home.unit_id if home else None, object_type="report", object_id=what, object_label=label
    )
    return mark(by)
