"""What people do with pay: draft, check, give back, fix; clear a suspicion, state parts, withhold and release, correct, set the rules (MED-13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from casework import documents
from casework.exports_book import About
from casework.rules import NotAllowed
from mediation.models import Dispute, Mediator, PayLine, PayPart, PayRules, PaySheet, PayStop, PayVerdict, RewardedCase
from mediation.pay import papers, queries, rules, telling
from mediation.pay.rules import WHOLE, ZERO, Kind, Line, State
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.scope import Scope


def _refuse(message: str, code: str, status: int = 409) -> NotAllowed:
    return NotAllowed(message, code=code, status=status)


# -- the sheet --------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft(unit_id: int, month: date, *, by: Scope) -> PaySheet:
    """Make the month's sheet, or make a draft anew from today's facts; corrections entered on it stay. Raises NotAllowed."""
    if queries.drafter_at(by, unit_id) is None:
        raise _refuse("发放表由本站经办人（县中心由分流员）编制。", "wrong_role", 403)
    if queries.sheet_unit(unit_id) != unit_id:
        raise _refuse("发放表按镇（街）工作站和县中心编制。", "no_sheet", 422)
    if month > clock.today():
        raise _refuse("不能编制以后月份的发放表。", "future", 422)
    now = clock.now()
    fresh = {"state": PaySheet.State.DRAFT, "total": ZERO, "drafted_by": by.user, "drafted_at": now}
    sheet, _ = PaySheet.objects.get_or_create(unit_id=unit_id, month=month.replace(day=1), defaults=fresh)
    sheet = PaySheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.state != PaySheet.State.DRAFT:
        raise _refuse(f"这张发放表{sheet.get_state_display()}，不能重新编制。", "not_draft")
    sheet.drafted_by, sheet.drafted_at = by.user, now
    made = _write(sheet)
    telling.drafted(made)
    return made


def _write(sheet: PaySheet) -> PaySheet:
    """Compute the lines anew. The sheet is locked; a case another sheet has taken meanwhile stops it whole."""
    sheet.lines.exclude(kind=Kind.CORRECTION).delete()
    sheet.rewarded.all().delete()
    found = rules.compute(sheet.month, queries.facts(sheet.unit_id, sheet.month), queries.settings_of(sheet.month))
    rows = [_row(sheet, line) for line in found] + [_back(sheet, line) for line in queries.owed_back(sheet.unit_id, sheet.month)]
    for no, row in enumerate(rows, start=1):
        row.no = no
    settled: dict[int, Decimal] = {}
    for line in found:
        if line.case_id is not None and line.state is not State.HELD:
            settled[line.case_id] = settled.get(line.case_id, ZERO) + line.share
    try:
        with transaction.atomic():
            RewardedCase.objects.bulk_create(RewardedCase(dispute_id=pk, sheet=sheet, amount=amount) for pk, amount in settled.items())
            PayLine.objects.bulk_create(rows)
    except IntegrityError as clash:
        raise _refuse("有案件或人员刚刚列入了另一张发放表，请再试一次。", "paid_elsewhere") from clash
    return _add_up(sheet)


def _row(sheet: PaySheet, line: Line) -> PayLine:
    return PayLine(
        sheet=sheet,
        month=sheet.month,
        kind=line.kind,
        mediator_id=line.mediator_id,
        dispute_id=line.case_id,
        share=line.share,
        amount=line.amount,
        state=line.state,
        words=line.words[:500],
        reason=line.reason[:500],
        factors=line.factors,
    )


def _back(sheet: PaySheet, line: PayLine) -> PayLine:
    """What was withheld, paid back after the release."""
    words = f"补发{line.month:%Y-%m}停发的{line.get_kind_display()}{rules.money(line.share)}元：已决定恢复并补发。"
    return PayLine(
        sheet=sheet,
        month=sheet.month,
        kind=Kind.BACK,
        mediator_id=line.mediator_id,
        dispute_id=line.dispute_id,
        of=line,
        share=line.share,
        amount=line.share,
        state=State.DUE,
        words=words,
    )


def _add_up(sheet: PaySheet) -> PaySheet:
    sheet.total = sheet.lines.aggregate(found=Sum("amount"))["found"] or ZERO
    sheet.save()
    return sheet


def _locked(pk: int, by: Scope, state: str) -> PaySheet:
    """The sheet, if this person sees it and it stands at this state. Raises PaySheet.DoesNotExist, NotAllowed."""
    if not queries.sheets(by).filter(pk=pk).exists():
        raise PaySheet.DoesNotExist
    sheet = PaySheet.objects.select_for_update(of=("self",)).select_related("unit", "drafted_by", "checked_by").get(pk=pk)
    if sheet.state != state:
        raise _refuse(f"这张发放表{sheet.get_state_display()}，现在不能这样做。", "wrong_moment")
    return sheet


def _not_oneself(sheet: PaySheet, by: Scope, *earlier: int | None) -> None:
    """Three different people, and nobody approves money of their own."""
    if by.user.pk in earlier:
        raise _refuse("编制、初审、审定须由三个不同的人办理。", "same_person", 403)
    if sheet.lines.filter(mediator__user=by.user).exists():
        raise _refuse("表上有您本人的补贴，须由他人审核。", "own_money", 403)


def _check_month_over(sheet: PaySheet) -> None:
    """A month still running earns more, and a draft made within it lacks what came after: neither is approved. Raises NotAllowed."""
    code, why = rules.too_early(sheet.month, timezone.localdate(sheet.drafted_at), clock.today())
    if why:
        raise _refuse(why, code)


@transaction.atomic
def check(pk: int, *, by: Scope) -> PaySheet:
    """First approval: the head of the station (of the centre for its own). Raises NotAllowed."""
    sheet = _locked(pk, by, PaySheet.State.DRAFT)
    if queries.checker_at(by, sheet.unit_id) is None:
        raise _refuse("初审由本单位负责人办理。", "wrong_role", 403)
    _not_oneself(sheet, by, sheet.drafted_by_id)
    _check_month_over(sheet)
    sheet.state, sheet.checked_by, sheet.checked_at, sheet.returned_words = PaySheet.State.CHECKED, by.user, clock.now(), ""
    sheet.save()
    telling.checked(sheet)
    return sheet


@transaction.atomic
def give_back(pk: int, *, words: str, by: Scope) -> PaySheet:
    """Back to who drafted it, with what is to be put right. Raises NotAllowed."""
    sheet = _locked(pk, by, PaySheet.State.CHECKED)
    if queries.fixer(by) is None and queries.checker_at(by, sheet.unit_id) is None:
        raise _refuse("退回由初审或者审定的负责人办理。", "wrong_role", 403)
    sheet.state, sheet.checked_by, sheet.checked_at, sheet.returned_words = PaySheet.State.DRAFT, None, None, words
    sheet.save()
    telling.given_back(sheet, words)
    return sheet


@transaction.atomic
def fix(pk: int, *, by: Scope) -> PaySheet:
    """Second approval: the sheet is final, its paper issued; what is wrong is put right by a later line. Raises NotAllowed."""
    sheet = _locked(pk, by, PaySheet.State.CHECKED)
    standing = queries.fixer(by)
    if standing is None:
        raise _refuse("审定由司法局或者县中心负责人办理。", "wrong_role", 403)
    _not_oneself(sheet, by, sheet.drafted_by_id, sheet.checked_by_id)
    _check_month_over(sheet)
    now = clock.now()
    lines = queries.lines(sheet)
    sheet.state, sheet.fixed_by, sheet.fixed_at = PaySheet.State.FIXED, by.user, now
    today = clock.today()
    paper = papers.sheet_paper(sheet, lines, queries.by_person(lines), f"{today.year}年{today.month}月{today.day}日")
    sheet.document = documents.issue(None, paper, by=standing, at=now)
    sheet.save()
    telling.fixed(sheet)
    return sheet


@transaction.atomic
def correct(pk: int, *, of: int, amount: Decimal, words: str, by: Scope) -> PayLine:
    """A line of a fixed sheet was wrong: the difference goes on a later draft, more or less. Raises NotAllowed."""
    sheet = _locked(pk, by, PaySheet.State.DRAFT)
    if queries.drafter_at(by, sheet.unit_id) is None:
        raise _refuse("更正由本站经办人录入。", "wrong_role", 403)
    wrong = queries.to_correct(sheet).filter(pk=of).first()
    if wrong is None:
        raise _refuse("只能更正本单位以前月份已审定的发放表上的一行。", "not_fixed", 422)
    before = wrong.later.filter(kind=Kind.CORRECTION).aggregate(found=Sum("amount"))["found"] or ZERO
    if not amount or wrong.amount + before + amount < 0:
        raise _refuse("更正金额不能为零，也不能扣得比原来发的还多。", "wrong_amount", 422)
    last = sheet.lines.filter(kind=Kind.CORRECTION).count()
    made = PayLine.objects.create(
        sheet=sheet,
        month=sheet.month,
        no=_BEHIND + last + 1,
        kind=Kind.CORRECTION,
        mediator_id=wrong.mediator_id,
        dispute_id=wrong.dispute_id,
        of=wrong,
        share=amount,
        amount=amount,
        state=State.DUE,
        words=f"更正{wrong.month:%Y-%m}发放表：{words}"[:500],
        by=by.user,
    )
    _add_up(sheet)
    return made


#: Corrections stand behind the computed lines, which come and go while a sheet is drafted.
_BEHIND = 1_000_000


@transaction.atomic
def export(sheet: PaySheet, *, whose: str, mark: str, by: Scope) -> bytes:
    """The workbook, on record before a byte of it leaves (L-SEC-7)."""
    access.log(
        AccessEntry.Event.EXPORT,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="pay_sheet",
        object_id=sheet.pk,
        object_label=f"{sheet.unit.short_name}{sheet.month:%Y-%m}调解员补贴发放表",
    )
    return papers.workbook(sheet, queries.lines(sheet), About(papers.title(sheet), whose, clock.now(), mark))


# -- a case's reward ----------------------------------------------------------------------------------------------------------------------------


def _case(number: str, by: Scope) -> tuple[Dispute, int]:
    """The dispute, its reward still open to a decision, and the unit on whose sheet it stands. Raises Dispute.DoesNotExist, NotAllowed."""
    dispute = queries.case_of(number, by)
    if RewardedCase.objects.filter(dispute=dispute).exclude(sheet__state=PaySheet.State.DRAFT).exists():
        raise _refuse("这件纠纷的补贴已经初审或者审定，不能再改。", "paid")
    unit_id = queries.sheet_unit(dispute.case.unit_id)
    assert unit_id is not None  # noqa: S101 (case_of found it among the person's sheet units)
    return dispute, unit_id


def _again(unit_id: int) -> None:
    """Drafts of the unit follow at once."""
    for sheet in PaySheet.objects.select_for_update().filter(unit_id=unit_id, state=PaySheet.State.DRAFT).order_by("month"):
        _write(sheet)


@transaction.atomic
def clear(number: str, *, verdict: str, words: str, by: Scope) -> PayVerdict:
    """Somebody looked at the suspicion and decides: pay, or refuse. Not one of those who would be paid. Raises NotAllowed."""
    dispute, unit_id = _case(number, by)
    if queries.checker_at(by, unit_id) is None and queries.fixer(by) is None:
        raise _refuse("核实由本单位负责人或者县中心负责人办理。", "wrong_role", 403)
    facts, _ = queries.case_facts(dispute, clock.today())
    if Mediator.objects.filter(pk__in=[who for who, _ in facts.parts], user=by.user).exists():
        raise _refuse("您参与了这件纠纷的调解，须由他人核实。", "own_money", 403)
    row, _ = PayVerdict.objects.update_or_create(dispute=dispute, defaults={"verdict": verdict, "words": words, "by": by.user, "at": clock.now()})
    _again(unit_id)
    return row


@transaction.atomic
def state_parts(number: str, *, parts: Mapping[int, int], by: Scope) -> Sequence[PayPart]:
    """Who shares the case's reward, and in which parts: hundredths that add up. Raises NotAllowed."""
    dispute, unit_id = _case(number, by)
    if queries.drafter_at(by, unit_id) is None and queries.checker_at(by, unit_id) is None:
        raise _refuse("分配份额由本站经办人或者负责人登记。", "wrong_role", 403)
    if sum(parts.values()) != WHOLE or min(parts.values()) < 1:
        raise _refuse("各人份额须为1至100的整数，合计等于100。", "parts_do_not_add_up", 422)
    if queries.sharers(dispute, by).filter(pk__in=parts).count() != len(parts):
        raise _refuse("分配份额的人须是您管理范围内的调解员，或者参加这件纠纷调解的人。", "not_a_mediator", 422)
    PayPart.objects.filter(dispute=dispute).delete()
    now = clock.now()
    rows = [PayPart(dispute=dispute, mediator_id=who, part=part, by=by.user, at=now) for who, part in parts.items()]
    made = PayPart.objects.bulk_create(rows)
    _again(unit_id)
    return made


# -- a failed yearly assessment -----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def withhold(mediator_id: int, *, year: int, from_on: date, words: str, by: Scope) -> PayStop:
    """The yearly assessment failed: subsidy and rewards are withheld from that day (MED-13). Raises NotAllowed."""
    person = queries.people_of(by).filter(pk=mediator_id).first()
    if person is None:
        raise Mediator.DoesNotExist
    unit_id = head_of(person, by)
    if PayStop.objects.filter(mediator=person, released_on=None).exists():
        raise _refuse("这名调解员已经停发。", "stopped_already")
    row = PayStop.objects.create(mediator=person, year=year, from_on=from_on, words=words, by=by.user, at=clock.now())
    _again(unit_id)
    return row


@transaction.atomic
def release(pk: int, *, decision: str, words: str, by: Scope) -> PayStop:
    """Paid again from today, what was withheld with it or not, as decided. Raises PayStop.DoesNotExist, NotAllowed."""
    if not queries.stops(by).filter(pk=pk).exists():
        raise PayStop.DoesNotExist
    row = PayStop.objects.select_for_update(of=("self",)).select_related("mediator").get(pk=pk)
    unit_id = head_of(row.mediator, by)
    if row.released_on is not None:
        raise _refuse("已经恢复发放。", "released_already")
    row.release, row.released_on, row.released_words = decision, clock.today(), words
    row.released_by, row.released_at = by.user, clock.now()
    row.save()
    _again(unit_id)
    return row


def head_of(person: Mediator, by: Scope) -> int:
    """Withholding and releasing are the head's; nobody decides on oneself. Returns the unit of the person's sheet."""
    unit_id = queries.sheet_unit(person.unit_id)
    if unit_id is None or (queries.checker_at(by, unit_id) is None and queries.fixer(by) is None):
        raise _refuse("停发和恢复由本单位负责人或者县中心负责人决定。", "wrong_role", 403)
    if person.user_id == by.user.pk:
        raise _refuse("不能决定自己的补贴。", "own_money", 403)
    return unit_id


# -- the county's rules ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewRules:
    """A version of the rules of pay as typed, checked for shape by a form."""

    valid_from: date
    reason: str
    settings: rules.Settings


@transaction.atomic
def set_rules(new: NewRules, *, by: Scope) -> PayRules:
    """Give the county new rules of pay from the first of a coming month on; months that are past keep theirs. Raises NotAllowed."""
    if queries.fixer(by) is None:
        raise _refuse("补贴标准由司法局或者县中心负责人制定。", "wrong_role", 403)
    if new.valid_from <= clock.today() or new.valid_from.day != 1:
        raise _refuse("施行日须是今后某个月的1日，已经过去的月份不改。", "wrong_day", 422)
    if new.settings.most < new.settings.least:
        raise _refuse("每件最高不能低于最低。", "most_under_least", 422)
    if PayRules.objects.filter(valid_from=new.valid_from).exists():
        raise _refuse("这一天已经定过新标准。", "set_already", 422)
    return PayRules.objects.create(**_stored(new.settings), valid_from=new.valid_from, reason=new.reason, set_by=by.user, set_at=clock.now())


def _stored(found: rules.Settings) -> dict[str, Any]:
    """The settings as the row keeps them: amounts as text, so that no cent is lost."""
    return {
        "kinds": sorted(found.kinds),
        "subsidies": _texts(found.subsidies),
        "rates": _texts(found.rates),
        "people": [[least, str(factor)] for least, factor in found.people],
        "satisfaction": _texts(found.satisfaction),
        "least": found.least,
        "most": found.most,
        "month_cap": found.month_cap,
        "is_oral_paid": found.is_oral_paid,
        "twin_days": found.twin_days,
        "likeness": found.likeness,
        "same_day": found.same_day,
    }


def _texts(found: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: str(value) for key, value in found.items()}
