"""After the agreement: judicial confirmation, visits, inquiries, the dossier and its archiving (L-MED-12, 13, 46, 48, 50, 51)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from casework import cases, deadlines, documents
from casework.models import Attachment, Deadline
from casework.numbers import next_values
from casework.rules import NotAllowed, Outcome
from mediation import codes, rules
from mediation.actions import act as beats
from mediation.actions.agreements import run_after_breach
from mediation.models import Agreement, Confirmation, Dispute, Dossier, DossierFile, Ending, FollowUpVisit, Inquiry, Mediating, Side
from mediation.papers import closing as papers
from mediation.queries import closing as queries
from mediation.rules import closing
from mediation.rules import dossier as dossiers
from organisations import directory
from organisations.scope import Scope

# -- judicial confirmation ------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def apply_confirmation(
    number: str,
    *,
    applied_on: date,
    court: str,
    tier: str,
    why_court: str,
    why_words: str,
    party_ids: Sequence[int],
    concerns: str,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Both sides ask the court together, within thirty days of the agreement's effect; the form they sign is M10 (调解法§33). Raises NotAllowed."""
    act = beats.begin("apply_confirmation", number, by, version)
    dispute = act.dispute
    agreement = _agreement(dispute)
    asking = list(Side.objects.filter(dispute=dispute, party__in=party_ids).select_related("party").order_by("letter", "party__no"))
    sides = set(Side.objects.filter(dispute=dispute, is_agent=False).values_list("letter", flat=True))
    closing.check_may_apply(form=agreement.form, letters={side.letter for side in asking}, sides=sides, concerns=concerns)
    closing.check_court(dispute.source, why_court)
    if queries.at_court(dispute) is not None:
        raise NotAllowed("已经申请司法确认，正等待法院决定。", code="at_court")
    if Confirmation.objects.filter(dispute=dispute, state=Confirmation.State.CONFIRMED, effective_on=agreement.effective_on).exists():
        raise NotAllowed("这份协议已经法院裁定确认有效。", code="confirmed")
    last_on = queries.last_day(act.case, agreement.effective_on)
    closing.check_in_time(applied_on, agreement.effective_on, last_on, act.today)
    row = Confirmation(
        dispute=dispute,
        court=court,
        tier=tier,
        why_court=why_court,
        why_words=why_words,
        effective_on=agreement.effective_on,
        last_on=last_on,
        applied_on=applied_on,
        applicants="、".join(f"{side.get_letter_display()} {side.party.name}" for side in asking)[:300],
        state=Confirmation.State.APPLIED,
        by=by.user,
        at=act.now,
    )
    row.document = documents.issue(act.case, papers.application(dispute, row, agreement, act.today), by=act.standing, at=act.now)
    row.save()
    deadlines.turn(
        act.case,
        on=act.today,
        meet=[closing.CONFIRM],
        start=[deadlines.Start(closing.COURT_ACCEPTS, applied_on, "收到申请", act.case.unit_id)],
    )
    return beats.finish(act, text=why_words, detail={"court": court, "applicants": row.applicants, "why_court": row.get_why_court_display()})


@transaction.atomic
def record_court_acceptance(
    number: str,
    *,
    is_taken: bool,
    on: date,
    court_number: str = "",
    ground: str = "",
    words: str = "",
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """The court takes the application under its number, or not, with the ground (法释〔2011〕5号§4). Raises NotAllowed."""
    act = beats.begin("record_court_acceptance", number, by, version)
    row = _at_court(act, Confirmation.State.APPLIED)
    _check_court_day(on, row.applied_on, act.today)
    row.answered_on, row.words = on, words[:500]
    if is_taken:
        if not court_number.strip():
            raise NotAllowed("请填写法院案号，如“（2026）鲁0685调确字第12号”。", code="number_needed", status=422)
        row.state, row.court_number = Confirmation.State.TAKEN, court_number.strip()
        start = [deadlines.Start(closing.COURT_DECIDES, on, "法院受理", act.case.unit_id)]
    else:
        closing.check_ground(ground, closing.NOT_TAKEN_GROUNDS)
        row.state, row.ground = Confirmation.State.NOT_TAKEN, ground
        start = _again(act, row)
    row.save()
    deadlines.turn(act.case, on=act.today, meet=[closing.COURT_ACCEPTS], start=start)
    return beats.finish(act, text=words, detail=_of_court(row))


@transaction.atomic
def lengthen_confirmation(number: str, *, days: int, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """The court needs up to ten days more, with its president's leave (法释〔2011〕5号§5). Raises NotAllowed."""
    act = beats.begin("lengthen_confirmation", number, by, version)
    _at_court(act, Confirmation.State.TAKEN)
    running = Deadline.objects.filter(case=act.case, key=closing.COURT_DECIDES, met_on=None, dropped_on=None).select_related("limit").first()
    if running is None:
        raise NotAllowed("现在没有正在计算的法院审查期限。", code="not_running")
    moved = deadlines.extend(act.case, running, days=days, reason=reason, cites="法释〔2011〕5号§5", by=act.standing, at=act.now)
    return beats.finish(act, text=reason, detail={"days": days, "due_on": moved.due_on.isoformat()})


@transaction.atomic
def record_confirmation(
    number: str,
    *,
    decision: str,
    on: date,
    ground: str = "",
    words: str = "",
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """The court's ruling: valid and enforceable, or refused with its ground; or the parties took it back (民诉法§206). Raises NotAllowed."""
    act = beats.begin("record_confirmation", number, by, version)
    states = Confirmation.State
    row = _at_court(act, *((states.APPLIED, states.TAKEN) if decision == states.WITHDRAWN else (states.TAKEN,)))
    _check_court_day(on, row.answered_on or row.applied_on, act.today)
    if decision == states.REFUSED:
        closing.check_ground(ground, closing.REFUSED_GROUNDS)
        row.ground = ground
    row.state, row.decided_on, row.words = decision, on, words[:500]
    row.save()
    start = _again(act, row) if decision == states.WITHDRAWN else []
    deadlines.turn(act.case, on=act.today, meet=[closing.COURT_ACCEPTS, closing.COURT_DECIDES], start=start)
    return beats.finish(act, text=words, detail=_of_court(row))


def _agreement(dispute: Dispute) -> Agreement:
    found = queries.standing(dispute)
    if found is None:
        raise NotAllowed("本件没有生效的调解协议。", code="no_agreement")
    return found


def _at_court(act: beats.Act, *states: str) -> Confirmation:
    row = queries.at_court(act.dispute)
    if row is None:
        raise NotAllowed("现在没有等待法院处理的司法确认申请。", code="not_at_court")
    if row.state not in states:
        raise NotAllowed(f"司法确认现在是“{row.get_state_display()}”，不能办这一步。", code="wrong_court_state")
    return row


def _again(act: beats.Act, row: Confirmation) -> list[deadlines.Start]:
    """Not taken, or taken back: within the thirty days another court may be asked, so the countdown runs on."""
    return [deadlines.Start(closing.CONFIRM, row.effective_on, "协议生效", act.case.unit_id)] if row.last_on >= act.today else []


def _check_court_day(on: date, earliest: date, today: date) -> None:
    if on > today:
        raise NotAllowed("日期不能晚于今天。", code="future", status=422)
    if on < earliest:
        raise NotAllowed(f"日期不能早于 {earliest:%Y年%-m月%-d日}（申请、受理之日）。", code="too_early", status=422)


def _of_court(row: Confirmation) -> dict[str, str]:
    return {
        "court": row.court,
        "confirmation": row.get_state_display(),
        "court_number": row.court_number,
        "ground": codes.CONFIRMATION_REFUSALS[row.ground].name if row.ground else "",
    }


# -- visits and inquiries -------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def follow_up(
    number: str,
    *,
    on: date,
    way: str,
    visited: str,
    visitors: str,
    performance: str,
    satisfaction: str,
    problems: str = "",
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Whether the agreement is kept, and whether they are content; what is not kept opens the next way (L-MED-11, L-MED-50). Raises NotAllowed."""
    act = beats.begin("follow_up", number, by, version)
    dispute = act.dispute
    agreement = queries.standing(dispute)
    to = closing.after_visit(act.case.state, performance, has_items=agreement is not None)
    if on > act.today:
        raise NotAllowed("回访日期不能晚于今天。", code="future", status=422)
    if performance in closing.BROKEN and not problems.strip():
        raise NotAllowed("没有全部履行的，请写明哪些没有履行、什么原因。", code="problems_needed", status=422)
    if dispute.agreed_on and on < dispute.agreed_on:
        raise NotAllowed("回访日期不能早于达成协议的日期。", code="too_early", status=422)
    row = FollowUpVisit(
        dispute=dispute,
        on=on,
        way=way,
        visited=visited,
        visitors=visitors,
        performance=performance,
        satisfaction=satisfaction,
        problems=problems,
        by=by.user,
        at=act.now,
    )
    row.document = documents.issue(act.case, papers.visit(dispute, row, agreement, act.today), by=act.standing, at=act.now)
    row.save()
    if to == rules.State.BREACHED and act.case.state != to:
        Agreement.objects.filter(dispute=dispute, replaced_on=None).update(broken_on=act.today)
        run_after_breach(act)
    if act.case.state == rules.State.PERFORMED or to == rules.State.FOLLOWED:
        met = [rules.limit_of(dispute.step)] if to == rules.State.FOLLOWED else []
        deadlines.turn(act.case, on=act.today, meet=[*closing.FOLLOW_UPS, *met])
    detail = {
        "performance": codes.PERFORMANCE[performance].name,
        "satisfaction": row.get_satisfaction_display(),
        "visited": visited,
        "visitors": visitors,
    }
    return beats.finish(act, to=to, text=problems, detail=detail, findable=problems)


@transaction.atomic
def inquire(
    number: str,
    *,
    asked: str,
    asked_facts: str,
    askers: Sequence[str],
    recorder: str,
    place: str,
    began_at: datetime,
    ended_at: datetime,
    content: str,
    signed: str,
    others: str = "",
    refused_because: str = "",
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Somebody was asked by two, in writing, each page signed: the record is M04 (L-MED-48). Raises NotAllowed."""
    act = beats.begin("inquire", number, by, version)
    if len(set(askers)) < closing.LEAST_ASKERS:
        raise NotAllowed("调查由两人以上进行，请写两名调查人。", code="two_needed", status=422)
    if ended_at > act.now or ended_at < began_at:
        raise NotAllowed("结束时间不能早于开始时间，也不能晚于现在。", code="wrong_times", status=422)
    if signed == Inquiry.Signed.REFUSED and not refused_because.strip():
        raise NotAllowed("被调查人拒绝签名的，写明原因和见证人。", code="reason_needed", status=422)
    row = Inquiry(
        dispute=act.dispute,
        asked=asked,
        asked_facts=asked_facts,
        askers="、".join(askers)[:80],
        recorder=recorder,
        others=others,
        place=place,
        began_at=began_at,
        ended_at=ended_at,
        content=content,
        signed=signed,
        refused_because=refused_because,
        by=by.user,
        at=act.now,
    )
    row.document = documents.issue(act.case, papers.inquiry(act.dispute, row, act.today), by=act.standing, at=act.now)
    row.save()
    detail = {"asked": asked, "askers": row.askers, "place": place}
    return beats.finish(act, text=content, detail=detail, happened_at=began_at, findable=content)


# -- the dossier ----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def file_material(number: str, *, file_ids: Sequence[int], item: str, by: Scope, version: int | None = None) -> Dispute:
    """Put attachments at an item of the dossier, or take them out with item "" (L-MED-46). Raises NotAllowed."""
    act = beats.begin("file_material", number, by, version)
    files = list(Attachment.objects.filter(case=act.case, pk__in=file_ids))
    if not files or len(files) != len(set(file_ids)):
        raise NotAllowed("请勾选要归入卷宗的材料。", code="no_file", status=422)
    DossierFile.objects.filter(attachment__in=files).delete()
    place = next((row for row in dossiers.FILED_AT if row.code == item), None)
    if place is not None:
        DossierFile.objects.bulk_create(DossierFile(attachment=file, dispute=act.dispute, item=item, by=by.user, at=act.now) for file in files)
    names = "、".join(file.label or file.name for file in files)
    return beats.finish(act, text=names, detail={"item": place.name if place else "不入卷"})


@transaction.atomic
def write_report(number: str, *, summary: str, result: str, opinion: str = "", by: Scope, version: int | None = None) -> Dispute:
    """The case in short, its result and the reviewer's opinion, who is not the one who mediated: M11 (L-MED-50). Raises NotAllowed."""
    act = beats.begin("write_report", number, by, version)
    if opinion.strip() and Mediating.objects.filter(dispute=act.dispute, user=by.user).exists():
        raise NotAllowed("您主持或参加了本件调解，审核意见请留空，由其他负责人审核。", code="own_review", status=422)
    paper = papers.report(act.dispute, summary=summary, result=result, opinion=opinion, today=act.today)
    documents.issue(act.case, paper, by=act.standing, at=act.now)
    return beats.finish(act, text=result, detail={"opinion": opinion}, findable=f"{summary} {result}")


@transaction.atomic
def archive(number: str, *, name: str, remarks: str = "", by: Scope, version: int | None = None) -> Dispute:
    """Close the dossier and the case. Not while a required item is missing or the court has not decided (调解法§27, L-MED-46). Raises NotAllowed."""
    act = beats.begin("archive", number, by, version)
    dispute, case = act.dispute, act.case
    lacking = dossiers.missing(queries.volume(dispute))
    if lacking:
        raise NotAllowed(f"卷宗还缺必备材料：{'、'.join(lacking)}。补齐以后再归档。", code="incomplete", status=422)
    if queries.at_court(dispute) is not None:
        raise NotAllowed("司法确认还在法院办理，有结果以后再归档。", code="at_court")
    term = queries.terms(act.today)[dispute.difficulty]
    unit = directory.current().units[case.unit_id]
    head = f"（{act.today.year}）{unit.short_name}人调字第"  # the series is what is printed, as of papers
    serial = next_values([f"dossier:{head}"])[0]
    row = Dossier.objects.create(
        dispute=dispute,
        number=f"{head}{serial}号",
        name=name,
        mediators=_mediators(act),
        began_on=dispute.accepted_on or dispute.received_on,
        ended_on=dispute.agreed_on or dispute.ended_on or act.today,
        filed_on=act.today,
        filed_by=by.user,
        keep_years=term.years,
        remarks=remarks,
    )
    running = deadlines.running_keys(case)
    deadlines.turn(case, on=act.today, drop=running)
    cases.close(case, _outcome(dispute), act.now)
    return beats.finish(act, text=remarks, detail={"dossier": row.number, "keep": row.keep_words})


def _mediators(act: beats.Act) -> str:
    """Who mediated, the one in charge first; where nobody was named, whoever handles the case."""
    names = list(Mediating.objects.filter(dispute=act.dispute).order_by("id").values_list("name", flat=True))
    if not names and act.case.handler is not None:
        names = [act.case.handler.name]
    return "、".join(dict.fromkeys(names))[:120] or act.by.user.name


def _outcome(dispute: Dispute) -> str:
    if dispute.ended_on is None:
        return Outcome.SOLVED
    is_withdrawn = Ending.objects.filter(dispute=dispute, is_withdrawn=True).exists()
    return Outcome.WITHDRAWN if is_withdrawn else Outcome.UNSETTLED
