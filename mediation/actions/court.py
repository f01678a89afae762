"""The court desk (HALL-17): sent there, its stages written down, back to the dispute with what came of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from casework import cases, deadlines, notices
from casework.models import Deadline
from casework.rules import NotAllowed, local_date
from mediation import codes, rules
from mediation.actions import act as beats
from mediation.actions.agreements import PERFORM
from mediation.actions.joint import MEDIATING_LIMITS, end_elsewhere, settle_elsewhere
from mediation.models import Agreement, CourtMatter, CourtRecord, Dispute
from mediation.rules import State
from mediation.rules.closing import CONFIRM, FOLLOW_UPS
from mediation.rules.court import BODY, check_court_day, not_filed
from organisations import directory
from organisations.scope import Scope


@transaction.atomic
def refer_court(number: str, *, to_unit_id: int, is_wanted: bool, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """Before the court desk, because the parties want it: mediation never stands in the way of the court (调解法§3(三)), nor does an agreement

    that was broken (§32). The desk reads the case with all its papers. Raises NotAllowed.
    """
    act = beats.begin("refer_court", number, by, version)
    if not is_wanted:
        raise NotAllowed("须当事人愿意由法庭处理；不愿意的继续调解，也可以告知自行起诉。", code="not_wanted", status=422)
    CourtMatter.objects.create(
        dispute=act.dispute,
        from_state=act.case.state,
        from_unit_id=act.case.unit_id,
        unit_id=to_unit_id,
        reason=reason,
        sent_by=by.user,
        sent_at=act.now,
    )
    if act.dispute.accepted_on is None:
        act.dispute.accepted_on = act.today
        deadlines.turn(act.case, on=act.today, meet=["med.respond"])
    _stand_still(act, reason)
    act.shown |= cases.show_to(act.case, cases.unit_readers([to_unit_id]))
    text = f"{number} 移送便民巡回法庭：{act.case.title}"
    notices.notify(act.case, kind="dispute.refer_court", text=text, at=act.now, to_unit_id=to_unit_id)
    return beats.finish(act, text=reason, detail={"to_unit": directory.current().units[to_unit_id].short_name})


@transaction.atomic
def record_court(
    number: str,
    *,
    stage: str,
    on: date,
    staff: str,
    words: str,
    court_number: str = "",
    fee_waived: Decimal | None = None,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """One stage at the desk: day, who of the court, what was done; the docket number and the waived fee once they are known. Raises NotAllowed."""
    act = beats.begin("record_court", number, by, version)
    matter = _open(act)
    check_court_day(on, since=local_date(matter.sent_at), today=act.today)
    CourtRecord.objects.create(matter=matter, stage=stage, on=on, staff=staff, words=words, by=by.user, at=act.now)
    matter.court_number = court_number.strip() or matter.court_number
    matter.fee_waived = matter.fee_waived if fee_waived is None else fee_waived
    matter.save(update_fields=["court_number", "fee_waived"])
    detail = {
        "court_stage": codes.COURT_STAGES[stage].name,
        "staff": staff,
        "court_number": court_number.strip(),
        "fee_waived": "" if fee_waived is None else f"{fee_waived} 元",
    }
    return beats.finish(act, text=words, detail=detail, findable=f"{words} {court_number}")


@transaction.atomic
def return_from_court(number: str, *, result: str, ended_on: date, words: str, by: Scope, version: int | None = None) -> Dispute:
    """The desk is done: agreed there, decided by the court, or not filed and back where it came from (HALL-17: 多调少判). Raises NotAllowed."""
    act = beats.begin("return_from_court", number, by, version)
    matter = _open(act)
    check_court_day(ended_on, since=local_date(matter.sent_at), today=act.today)
    matter.result, matter.report, matter.ended_on = result, words, ended_on
    matter.ended_by, matter.ended_at = by.user, act.now
    matter.save(update_fields=["result", "report", "ended_on", "ended_by", "ended_at"])
    to = not_filed(matter.from_state)
    if result in codes.COURT_AGREED | codes.COURT_DECIDED and matter.from_state == State.BREACHED:
        _set_aside_agreement(act)
    if result in codes.COURT_AGREED:
        settle_elsewhere(act, BODY, ended_on)
        to = State.AGREED
    elif result in codes.COURT_DECIDED:
        end_elsewhere(act, BODY, "litigation", ended_on)
        to = State.ENDED
    elif Deadline.objects.filter(case=act.case, suspended_on__isnull=False, met_on=None, dropped_on=None).exists():
        deadlines.resume(act.case, on=act.today, by=act.standing, at=act.now, reason=words[:300])
    name = codes.COURT_RESULTS[result].name
    text = f"{number} 法庭办结：{name}"
    notices.notify(act.case, kind="dispute.return_from_court", text=text, at=act.now, to_unit_id=matter.from_unit_id)
    return beats.finish(act, to=to, text=words, detail={"court_result": name, "ended_on": ended_on.isoformat()}, findable=words)


def _stand_still(act: beats.Act, reason: str) -> None:
    """While the court has it nobody else may mediate (L-MED-23): the body's own limits stand still. What is late already stays late."""
    keys = (rules.limit_of(act.dispute.step), *MEDIATING_LIMITS)
    running = Deadline.objects.filter(case=act.case, key__in=keys, is_duty=True, met_on=None, dropped_on=None, suspended_on=None)
    if running.filter(due_on__gte=act.today).exists():
        why = f"移送便民法庭：{reason}"[:300]
        deadlines.suspend(act.case, on=act.today, reason=why, cites="HALL-17；L-MED-23", by=act.standing, at=act.now, keys=keys)


def _set_aside_agreement(act: beats.Act) -> None:
    """What came of it in court stands in the place of the agreement that was broken; that and its papers stay to be read."""
    Agreement.objects.filter(dispute=act.dispute, replaced_on=None).update(replaced_on=act.today)
    act.dispute.agreed_on = None
    deadlines.turn(act.case, on=act.today, drop=[CONFIRM, PERFORM, *FOLLOW_UPS])


def _open(act: beats.Act) -> CourtMatter:
    """The matter before the desk; the case row is locked, so there is one."""
    return CourtMatter.objects.get(dispute=act.dispute, result="")
