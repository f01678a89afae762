"""The agreement: reached, performed item by item, broken, mediated again (调解法§28–§32; L-MED-10, L-MED-11, L-MED-22; MED-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from casework import deadlines, documents, notices
from casework.models import Attachment
from casework.rules import NotAllowed
from mediation import rules
from mediation.actions import act as beats
from mediation.actions.talks import Signed, letters_of, waiting_challenge
from mediation.models import Agreement, AgreementItem, Dispute, DossierFile, Mediating, Performance, Rung, Session, Side, Signature
from mediation.papers import talks as papers
from mediation.queries import ladder, mediators
from mediation.rules import State, talks
from mediation.rules.closing import CONFIRM, FOLLOW_UPS, follow_up_key
from mediation.rules.court import BODY as COURT_DESK
from mediation.rules.money import check_sum
from organisations.scope import Scope

PERFORM = "med.perform"
#: 履行凭证, the ninth item of the dossier.
PROOFS = "9"
MOST_ITEMS = 10
#: What stops running when the mediating is over, however it ended.
MEDIATING_LIMITS = (*(rules.limit_of(step) for step in range(rules.FIRST, rules.LAST + 1)), "med.mediate", "med.extend")


@dataclass(frozen=True, slots=True)
class Owed:
    """One item as typed: who owes whom what, until when. `amount` for money only."""

    kind: str
    debtor: str
    creditor: str
    what: str
    due_on: date
    amount: Decimal | None = None
    way: str = ""


@transaction.atomic
def agree(
    number: str,
    *,
    form: str,
    facts: str,
    disputed: str,
    content: str,
    items: Sequence[Owed],
    total: Decimal,
    reached_on: date,
    signed: Sequence[Signed],
    signed_on: date,
    responsibilities: str = "",
    place: str = "",
    is_on_the_spot: bool = False,
    is_writing_asked_for: bool = False,
    sealed_on: date | None = None,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """The parties agree. What is performed on the spot is done at once; else each item has its day (调解法§28–30). Raises NotAllowed.

    A written agreement takes effect when all have signed and the seal is on it, an oral one when it is reached (§29 §30).
    """
    act = beats.begin("agree", number, by, version)
    dispute = act.dispute
    letters = letters_of(dispute)
    names = list(Mediating.objects.filter(dispute=dispute, until_on=None).values_list("name", flat=True))
    if act.case.state == State.AGREED:
        _check_none_stands(act)
        names = names or [by.user.name]
    else:
        _check_settled_here(act)
    why = talks.must_be_written(dispute.difficulty, dispute.type_code, is_asked_for=is_writing_asked_for, is_on_the_spot=is_on_the_spot)
    if form == talks.ORAL and why:
        raise NotAllowed(why, code="written", status=422)
    _check_items(items, total, set(letters.values()), reached_on)
    signers = [row for row in signed if row.party_id in letters]
    talks.check_signed(form, set(letters.values()), {letters[row.party_id] for row in signers}, sealed_on=sealed_on, has_mediator=bool(names))
    _check_days(act, reached_on, signed_on, sealed_on if form == talks.WRITTEN else None)
    effective_on = max(signed_on, sealed_on) if form == talks.WRITTEN and sealed_on else reached_on
    row = Agreement(
        dispute=dispute,
        form=form,
        facts=facts,
        disputed=disputed,
        responsibilities=responsibilities,
        content=content,
        total=total,
        place=place,
        is_on_the_spot=is_on_the_spot,
        reached_on=reached_on,
        effective_on=effective_on,
        mediators=names,
        sealed_on=sealed_on if form == talks.WRITTEN else None,
        copies=len(set(letters.values())) + 1,
        performed_on=effective_on if is_on_the_spot else None,
        by=by.user,
        at=act.now,
    )
    owed = [_item(no, item, done_on=effective_on if is_on_the_spot else None) for no, item in enumerate(items, start=1)]
    signatures = [Signature(party_id=s.party_id, letter=letters[s.party_id], way=s.way, on=signed_on) for s in signers]
    row.document = documents.issue(act.case, papers.agreement(dispute, row, owed, _named(signatures), act.today), by=act.standing, at=act.now)
    _store(act, row, owed, signatures)
    dispute.way, dispute.result, dispute.agreed_on = "mediated", "1", reached_on
    Rung.objects.filter(dispute=dispute, ended_on=None).update(ended_on=act.today, end=Rung.End.SETTLED)
    to = _run(act, row, owed)
    detail = {"form": row.get_form_display(), "total": f"{total:.2f} 元" if total else "", "items": [item.what for item in owed]}
    return beats.finish(act, to=to, text=content, detail=detail, findable=content)


def _check_settled_here(act: beats.Act) -> None:
    """A talk was held, no challenge waits, and this body may close what is this difficult (MED-7). Raises NotAllowed."""
    dispute = act.dispute
    if not Session.objects.filter(dispute=dispute, state=Session.State.HELD).exists():
        raise NotAllowed("还没有调解记录。请先“记录调解”，至少一次（75号令§28）。", code="no_session")
    challenged = waiting_challenge(dispute)
    if challenged:
        raise NotAllowed(f"当事人要求调解员{challenged}回避，还没有决定。", code="challenged")
    rules.check_may_close(dispute.difficulty, dispute.step, has_team=mediators.has_team(dispute.pk))


def _check_none_stands(act: beats.Act) -> None:
    """The body that was asked, or the court's desk, reached it; what it says is written down once. Raises NotAllowed."""
    if Agreement.objects.filter(dispute=act.dispute, replaced_on=None).exists():
        raise NotAllowed("本件已经有协议，请“登记履行”；要改变内容的，先认定未履行，再重新调解。", code="agreed_before")


def _check_items(items: Sequence[Owed], total: Decimal, sides: set[str], reached_on: date) -> None:
    if not 1 <= len(items) <= MOST_ITEMS:
        raise NotAllowed(f"请逐项写明谁向谁履行什么，1 至 {MOST_ITEMS} 项。", code="items", status=422)
    for no, item in enumerate(items, start=1):
        is_money = item.kind == AgreementItem.Kind.MONEY
        if item.debtor == item.creditor or not {item.debtor, item.creditor} <= sides:
            raise NotAllowed(f"第{no}项：请写明由哪一方向哪一方履行。", code="sides", status=422)
        if is_money != (item.amount is not None):
            raise NotAllowed(f"第{no}项：给付金钱的写金额，其他的不写金额。", code="amount", status=422)
        if item.due_on < reached_on:
            raise NotAllowed(f"第{no}项：履行期限不能早于达成协议的日期。", code="due", status=422)
    check_sum([item.amount for item in items if item.amount is not None], total)


def _check_days(act: beats.Act, reached_on: date, signed_on: date, sealed_on: date | None) -> None:
    """Reached, signed, sealed: in that order, none before it was taken on nor after today."""
    days = [act.dispute.accepted_on or act.dispute.received_on, reached_on, signed_on, *([sealed_on] if sealed_on else [])]
    if days != sorted(days) or days[-1] > act.today:
        raise NotAllowed("达成、签名、盖章的日期须依次在后，不早于受理日期，也不晚于今天。", code="days", status=422)


def _item(no: int, item: Owed, *, done_on: date | None) -> AgreementItem:
    return AgreementItem(
        no=no,
        kind=item.kind,
        debtor=item.debtor,
        creditor=item.creditor,
        what=item.what,
        amount=item.amount,
        paid=item.amount if done_on and item.amount is not None else Decimal(0),
        way=item.way,
        due_on=item.due_on,
        done_on=done_on,
    )


def _named(signatures: Sequence[Signature]) -> Sequence[Signature]:
    """With the people behind them, for the paper. One statement."""
    found = Side.objects.select_related("party").in_bulk([row.party_id for row in signatures])
    for row in signatures:
        row.party = found[row.party_id].party
    return signatures


def _store(act: beats.Act, row: Agreement, owed: Sequence[AgreementItem], signatures: Sequence[Signature]) -> None:
    row.save()
    for item in owed:
        item.agreement = row
    for signature in signatures:
        signature.agreement = row
    Signature.objects.bulk_create(signatures)
    AgreementItem.objects.bulk_create(owed)
    if row.is_on_the_spot:
        Performance.objects.bulk_create(
            Performance(item=item, on=row.effective_on, amount=item.amount, proof="当场履行，各方在协议上确认", by=act.by.user, at=act.now)
            for item in owed
        )


def _run(act: beats.Act, row: Agreement, owed: Sequence[AgreementItem]) -> str:
    """The month of mediating is met; what the agreement owes begins to run. Returns the state."""
    unit_id, step = act.case.unit_id, [*MEDIATING_LIMITS, "med.respond"]
    # Any written agreement may be confirmed, one performed at once too (调解法§33); a court's own paper needs no confirming.
    may_confirm = row.form == talks.WRITTEN and act.dispute.body != COURT_DESK
    confirm = [deadlines.Start(CONFIRM, row.effective_on, "调解协议生效", unit_id)] if may_confirm else []
    if row.is_on_the_spot:
        visit = deadlines.Start(follow_up_key(act.dispute.difficulty), row.effective_on, "履行完毕", unit_id)
        deadlines.turn(act.case, on=act.today, meet=step, drop=FOLLOW_UPS, start=[visit, *confirm])
        return State.PERFORMED
    start = [_next_item(owed, unit_id), *confirm]
    # A visit that another body's result began is due when all is performed.
    deadlines.turn(act.case, on=act.today, meet=step, drop=FOLLOW_UPS, start=start)
    return State.AGREED


def _next_item(owed: Sequence[AgreementItem], unit_id: int) -> deadlines.Start:
    """The nearest item that is not done. One limit a case and unit runs under a key, so the items follow each other."""
    item = min((item for item in owed if item.done_on is None), key=lambda item: (item.due_on, item.no))
    return deadlines.Start(PERFORM, item.agreement.effective_on, f"协议第{item.no}项", unit_id, item.due_on)


@transaction.atomic
def perform(
    number: str,
    *,
    item_no: int,
    on: date,
    proof: str,
    amount: Decimal | None = None,
    attachment_id: int | None = None,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """An item was kept, or a part of it: when, how much, by what proof. The last one closes the agreement (调解法§31). Raises NotAllowed."""
    act = beats.begin("perform", number, by, version)
    row = standing(act.dispute)
    owed = list(AgreementItem.objects.filter(agreement=row))
    item = next((item for item in owed if item.no == item_no), None)
    if item is None or item.done_on is not None:
        raise NotAllowed("这一项已经履行完毕，或者协议没有这一项。", code="no_item", status=422)
    if not row.reached_on <= on <= act.today:
        raise NotAllowed("履行日期须在达成协议以后，不能晚于今天。", code="wrong_day", status=422)
    given = _given(item, amount)
    if attachment_id is not None and not Attachment.objects.filter(pk=attachment_id, case=act.case).exists():
        raise NotAllowed("请选择本件的材料作凭证。", code="no_file", status=422)
    Performance.objects.create(item=item, on=on, amount=given, proof=proof, attachment_id=attachment_id, by=by.user, at=act.now)
    if attachment_id is not None:
        # What proves the performance stands at its own place in the dossier (L-MED-46).
        kept = {"dispute": act.dispute, "item": PROOFS, "by": by.user, "at": act.now}
        DossierFile.objects.update_or_create(attachment_id=attachment_id, defaults=kept)
    item.paid += given or 0
    if item.amount is None or item.paid == item.amount:
        item.done_on = on
    item.save(update_fields=["paid", "done_on"])
    item_words = f"第{item.no}项 {item.what}"
    detail = {"owed": item_words, "sum": f"{given:.2f} 元" if given is not None else "", "proof": proof, "left": _left(item)}
    return beats.finish(act, to=_after(act, row, owed, item), text=proof, detail=detail)


def _given(item: AgreementItem, amount: Decimal | None) -> Decimal | None:
    """What was paid of the item; all that is left where no sum is written. Raises NotAllowed."""
    if item.amount is None:
        return None
    left = item.amount - item.paid
    given = left if amount is None else amount
    if not 0 < given <= left:
        raise NotAllowed(f"第{item.no}项还欠 {left:.2f} 元，请填 0.01 至 {left:.2f}。", code="too_much", status=422)
    return given


def _left(item: AgreementItem) -> str:
    if item.amount is None or item.done_on is not None:
        return "已履行完毕"
    return f"还欠 {item.amount - item.paid:.2f} 元"


def _after(act: beats.Act, row: Agreement, owed: Sequence[AgreementItem], item: AgreementItem) -> str | None:
    """All done: the visit begins to run. Else, where the nearest item is done, the next one does."""
    left = [one for one in owed if one.done_on is None]
    if not left:
        row.performed_on = max(one.done_on for one in owed if one.done_on)
        row.save(update_fields=["performed_on"])
        start = [deadlines.Start(follow_up_key(act.dispute.difficulty), row.performed_on, "履行完毕", act.case.unit_id)]
        deadlines.turn(act.case, on=act.today, meet=[PERFORM, rules.limit_of(act.dispute.step)], start=start)
        return State.PERFORMED
    was_nearest = item.done_on is not None and all((item.due_on, item.no) < (one.due_on, one.no) for one in left)
    if was_nearest and act.case.state == State.AGREED:
        for one in left:
            one.agreement = row
        deadlines.turn(act.case, on=act.today, meet=[PERFORM], start=[_next_item(left, act.case.unit_id)])
    return None


@transaction.atomic
def breach(number: str, *, words: str, routes: Sequence[str], by: Scope, version: int | None = None) -> Dispute:
    """Something is past its day and not done, urging did not help: the ways that are open are told (调解法§31 §32). Raises NotAllowed."""
    act = beats.begin("breach", number, by, version)
    row = standing(act.dispute)
    late = [item for item in AgreementItem.objects.filter(agreement=row, done_on=None) if item.due_on < act.today]
    if not late:
        raise NotAllowed("没有到期未履行的事项。期限届满以前，请督促履行（调解法§31）。", code="not_late", status=422)
    if not routes:
        raise NotAllowed("请勾选告知当事人可走的途径。", code="routes_needed", status=422)
    row.broken_on = act.today
    row.save(update_fields=["broken_on"])
    run_after_breach(act)
    notices.notify(act.case, kind="dispute.breach", text=f"{number} 调解协议到期未履行", at=act.now, to_unit_id=act.case.unit_id)
    detail = {"items": [f"第{item.no}项 {item.what}" for item in late], "routes": [talks.BREACH_ROUTES[code] for code in routes]}
    return beats.finish(act, text=words, detail=detail)


def run_after_breach(act: beats.Act) -> None:
    """What is broken is not left to lie: the body has its step's own term again to mediate anew, or to end it (调解法§31 §32; MED-2)."""
    key = rules.limit_of(act.dispute.step)
    deadlines.turn(act.case, on=act.today, drop=[PERFORM], start=[deadlines.Start(key, act.today, "认定未履行", act.case.unit_id)])


@transaction.atomic
def mediate_again(number: str, *, words: str, is_willing: bool, by: Scope, version: int | None = None) -> Dispute:
    """Both sides want to talk again: the same body goes on, the broken agreement and its papers stay. Raises NotAllowed."""
    act = beats.begin("mediate_again", number, by, version)
    if not is_willing:
        raise NotAllowed("须双方都愿意重新调解；不愿意的，告知其他途径（调解法§17 §32）。", code="unwilling", status=422)
    dispute, unit_id = act.dispute, act.case.unit_id
    # None stands where it was agreed before another body and never written down here.
    Agreement.objects.filter(dispute=dispute, replaced_on=None).update(replaced_on=act.today)
    dispute.way, dispute.result, dispute.agreed_on = "", "", None
    body = ladder.bodies(act.today)[dispute.step]
    key = rules.limit_of(dispute.step)
    running = deadlines.turn(
        act.case,
        on=act.today,
        meet=[key],
        drop=[CONFIRM, PERFORM, *FOLLOW_UPS],
        start=[deadlines.Start(key, act.today, "重新调解", unit_id), deadlines.Start("med.mediate", act.today, "重新调解", unit_id)],
    )
    due_on = next(limit.due_on for limit in running if limit.key == key)
    Rung.objects.create(dispute=dispute, step=dispute.step, name=body.name, unit_id=unit_id, began_on=act.today, due_on=due_on)
    return beats.finish(act, text=words)


def standing(dispute: Dispute) -> Agreement:
    """The agreement that stands. Raises NotAllowed."""
    row = Agreement.objects.filter(dispute=dispute, replaced_on=None).first()
    if row is None:
        raise NotAllowed("本件没有正在履行的协议。", code="no_agreement")
    return row
