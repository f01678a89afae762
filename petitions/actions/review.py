"""The review chain: 复查 and 复核 by the higher body, hearings, the last word, and what is owed after it (条例§35–37).

While an organ has the request it holds the case (`case.unit`), so that its people and nobody else act; afterwards the
case goes back to the unit whose decision it was. An organ outside the county acts on paper: the centre's office holds
the case meanwhile and enters what the letters say.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Unpack

from django.db import transaction

from casework import cases, deadlines, documents, notices
from casework.models import Case
from casework.rules import NotAllowed
from organisations import directory
from organisations.roles import Role
from organisations.scope import Scope
from petitions import codes, rules
from petitions.actions import act as beats
from petitions.actions import letters
from petitions.actions.ending import unmark_lapsed
from petitions.actions.naming import desk_of, tell_desk
from petitions.models import Hearing, Petition, Point, Review
from petitions.papers import review as papers
from petitions.queries import recusal
from petitions.queries import review as queries
from petitions.rules import State, chain


@transaction.atomic
def seek_review(
    number: str,
    *,
    request: str,
    grounds: str,
    by: Scope,
    received_on: date | None = None,
    organ_id: int | None = None,
    organ_name: str = "",
    posted_on: date | None = None,
    late_reason: str = "",
    is_online: bool = False,
    version: int | None = None,
) -> Petition:
    """Take in the request for 复查, or for 复核 of a 复查 opinion; which of them follows from what was delivered (条例§35 §36).

    In time is what was posted in time (L-TIME-8); late only with a reason, on which the organ decides. Without a body
    given the one named on the person's letter is taken. A closed case opens again; its outcome stays in the history.
    Raises NotAllowed.
    """
    act = beats.begin("seek_review", number, by, version)
    right = queries.open_right(act.petition)
    asked = chain.Application(received_on or act.today, posted_on, late_reason)
    chain.check_application(asked, round_no=right.round, decision_on=right.decision_on, due_on=right.due_on, today=act.today)
    if not request.strip() or not grounds.strip():
        raise NotAllowed("请写明请求事项和理由。", code="grounds_needed", status=422)
    case = act.case
    organ = _organ(case.unit_id, right.review, organ_id, organ_name, named=right.organ_name)
    review = Review.objects.create(
        petition=act.petition,
        round=right.round,
        of_reply=right.reply,
        of_review=right.review,
        original_unit_id=case.unit_id,
        original_handler_id=case.handler_id,
        original_number=queries.original_number(case, right.review),
        from_state=case.state,
        organ_id=organ.unit_id,
        organ_name=organ.name,
        request=request,
        grounds=grounds,
        is_online=is_online,
        posted_on=posted_on,
        received_on=asked.received_on,
        late_reason=late_reason if right.is_late(asked.filed_on) else "",
        entered_by=by.user,
        entered_at=act.now,
    )
    documents.issue(case, papers.application(act.petition, case, review, act.today), by=act.standing, at=act.now)
    detail = {"organ": organ.name, "round": right.word, "received_on": asked.received_on.isoformat()}
    if not case.is_open:
        detail["outcome"] = case.get_outcome_display()
        cases.reopen(case)
    _give_to_organ(act, organ)
    unmark_lapsed(case)
    deadlines.turn(case, on=asked.filed_on, meet=[right.key], start=_organ_clocks(review, asked.received_on, f"收到{right.word}申请"))
    notices.notify(case, kind="petition.seek_review", text=_asked_words(review, case), at=act.now, to_unit_id=case.unit_id)
    text = f"申请{right.word}：{request}"
    return beats.finish(act, to=None if organ.unit_id else State.REVIEW_OUTSIDE, text=text, detail=detail, findable=f"{request} {grounds}")


def _organ(original: int, earlier: Review | None, organ_id: int | None, organ_name: str, *, named: str) -> queries.Organ:
    """The body given, else the one `named` in the letter; `earlier` is the review before. Raises NotAllowed."""
    tree = directory.current()
    organ = queries.Organ(organ_id, organ_name.strip())
    if organ_id is None and not organ.name:
        organ = queries.suggested_organ(original, named)
    facts = None if organ.unit_id is None else tree.units.get(organ.unit_id)
    if organ.unit_id is not None and (facts is None or not facts.is_active):
        raise NotAllowed("该单位不存在或已撤销，请另选。", code="unit_gone", status=422)
    chain.check_organ(
        organ_id=organ.unit_id,
        organ_name=facts.name if facts else organ.name,
        original_id=original,
        original_name=tree.units[original].name,
        earlier_id=earlier.organ_id if earlier else None,
        earlier_name=earlier.organ_name if earlier else "",
        centre_id=tree.centre_id,
        organ_ancestors=facts.ancestor_ids if facts else (),
        is_of_government=queries.is_government(earlier.organ_id if earlier else original),
    )
    return queries.Organ(organ.unit_id, facts.name if facts else organ.name)


def _organ_clocks(review: Review, on: date, event: str) -> list[deadlines.Start]:
    """The organ's own terms: whether it takes the request, and its opinion (条例§35 §36)."""
    keys = ("pet.review_reject", chain.LIMIT_KEY[review.round])
    return [deadlines.Start(key, on, event, review.organ_id) for key in keys]


def _asked_words(review: Review, case: Case) -> str:
    return f"{case.number} 信访人申请{review.get_round_display()}，请在15日内决定是否受理：{case.title}"


@transaction.atomic
def redirect_review(number: str, *, words: str, by: Scope, organ_id: int | None = None, organ_name: str = "", version: int | None = None) -> Petition:
    """The request is another body's to decide: it goes there with its grounds, before anybody has taken it (条例§35 §36).

    The day on which the person asked stays what it was; the terms of the body that receives it run from its own receipt.
    Raises NotAllowed.
    """
    act = beats.begin("redirect_review", number, by, version)
    review = _undecided(act)
    if review.accepted_on is not None:
        raise NotAllowed("本件的申请已经受理，不能再转。", code="accepted_before")
    if len(words.strip()) < chain.MIN_REASON:
        raise NotAllowed("请写明为什么不属本机关复查（复核）。", code="ground_needed", status=422)
    rules.check_filled({"转送理由": words})
    was = queries.Organ(review.organ_id, review.organ_name)
    organ = _organ(review.original_unit_id, review.of_review, organ_id, organ_name, named="")
    if organ == was:
        raise NotAllowed(f"申请已经在{was.name}，请选择另一个机关。", code="same_organ", status=422)
    review.earlier_organs = [*review.earlier_organs, [was.unit_id, act.today.isoformat()]]
    review.organ_id, review.organ_name = organ.unit_id, organ.name
    review.save(update_fields=["organ", "organ_name", "earlier_organs"])
    _give_to_organ(act, organ)
    deadlines.turn(
        act.case, on=act.today, drop=chain.ORGAN_LIMITS, start=_organ_clocks(review, act.today, f"收到转来的{review.get_round_display()}申请")
    )
    notices.notify(act.case, kind="petition.redirect_review", text=_asked_words(review, act.case), at=act.now, to_unit_id=act.case.unit_id)
    detail = {"from_organ": was.name, "organ": organ.name}
    return beats.finish(act, to=None if organ.unit_id else State.REVIEW_OUTSIDE, text=words, detail=detail)


def _give_to_organ(act: beats.Act, organ: queries.Organ) -> None:
    """The organ holds the case; for one outside the county the centre does, which keeps its papers."""
    holder = organ.unit_id or desk_of(act)
    cases.show_to(act.case, cases.unit_readers([holder]))
    act.case.unit_id, act.case.handler_id = holder, None


def _give_back(act: beats.Act, review: Review) -> None:
    act.case.unit_id, act.case.handler_id = review.original_unit_id, review.original_handler_id


def _undecided(act: beats.Act) -> Review:
    """The request that is being dealt with; the constraint of the table says there is one at most."""
    return Review.objects.select_related("document").get(petition=act.petition, decided_at=None, rejected_on=None, withdrawn_on=None)


def _check_not_involved(act: beats.Act, review: Review) -> None:
    """Whoever made the decision, or the review before, keeps out (条例§28③). Raises NotAllowed."""
    chain.check_not_involved(act.by.user.id, act.standing.on_behalf_of_id, recusal.involved(review.of_reply, review.of_review))


@transaction.atomic
def accept_review(number: str, *, by: Scope, words: str = "", late_words: str = "", version: int | None = None) -> Petition:
    """The organ takes the request and says so in writing; a late one with why its reason holds (条例§35 §36). Raises NotAllowed.

    Of an organ outside the county only the day is kept; its own notice is its own affair.
    """
    act = beats.begin("accept_review", number, by, version)
    review = _undecided(act)
    if review.accepted_on is not None:
        raise NotAllowed("本件的申请已经受理。", code="accepted_before")
    if review.late_reason and len(late_words.strip()) < chain.MIN_REASON:
        raise NotAllowed("申请已经逾期，受理须写明同意逾期理由的意见。", code="late_words_needed", status=422)
    review.accepted_on, review.late_words = act.today, late_words
    if review.organ_id is not None:
        _check_not_involved(act, review)
        if act.standing.role is Role.HANDLER:
            act.case.handler_id = by.user.id
    review.save(update_fields=["accepted_on", "late_words"])
    deadlines.turn(act.case, on=act.today, meet=["pet.review_reject"])
    if review.organ_id is not None:
        documents.issue(act.case, papers.acceptance(act.petition, act.case, review, act.today), by=act.standing, at=act.now)
    return beats.finish(act, to=None if review.organ_id else act.case.state, text=words or late_words, detail={"organ": review.organ_name})


@transaction.atomic
def reject_review(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """Propose not to take the request, with the reason; a second person decides (L-PET-51 by analogy). Raises NotAllowed."""
    act = beats.begin("reject_review", number, by, version)
    review = _undecided(act)
    _check_not_involved(act, review)
    if len(words.strip()) < chain.MIN_REASON:
        raise NotAllowed("请写明不予受理的理由。", code="ground_needed", status=422)
    rules.check_filled({"不予受理的理由": words})
    review.rejected_words, review.reject_proposed_by = words, by.user
    review.save(update_fields=["rejected_words", "reject_proposed_by"])
    return beats.finish(act, text=words)


@transaction.atomic
def approve_reject_review(number: str, *, by: Scope, words: str = "", version: int | None = None) -> Petition:
    """The second person agrees: the notice goes out, the case goes back to where it stood. Raises NotAllowed."""
    act = beats.begin("approve_reject_review", number, by, version)
    review = _undecided(act)
    _check_not_involved(act, review)
    beats.check_second(act, review.reject_proposed_by_id, "不予受理申请")
    review.rejected_on, review.conclusion = act.today, chain.REJECTED
    review.save(update_fields=["rejected_on", "conclusion"])
    documents.issue(act.case, papers.rejection(act.petition, act.case, review, act.today), by=act.standing, at=act.now)
    deadlines.turn(act.case, on=act.today, meet=["pet.review_reject"], drop=chain.ORGAN_LIMITS)
    return _end_without_opinion(act, review, words)


def _end_without_opinion(act: beats.Act, review: Review, words: str) -> Petition:
    """As if it had not been asked: the same unit, state and, where it was closed, the same outcome."""
    _give_back(act, review)
    if review.from_state == State.CLOSED:
        cases.close(act.case, act.petition.settled_as, act.now)
    return beats.finish(act, to=review.from_state, text=words, detail={"organ": review.organ_name})


@transaction.atomic
def refuse_reject_review(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The request is to be taken after all. Raises NotAllowed."""
    act = beats.begin("refuse_reject_review", number, by, version)
    review = _undecided(act)
    beats.check_second(act, review.reject_proposed_by_id, "不予受理申请")
    Review.objects.filter(pk=review.pk).update(rejected_words="", reject_proposed_by=None)
    return beats.finish(act, text=words, is_internal=True)


@transaction.atomic
def draft_review(
    number: str,
    *,
    facts: str,
    words: str,
    conclusion: str,
    by: Scope,
    changed_to: str = "",
    outcome: str = "",
    redo_days: int | None = None,
    remedy_unit: str = "",
    version: int | None = None,
) -> Petition:
    """Submit the opinion for signature: facts found again, reasons and basis, one of the three conclusions (F6). Raises NotAllowed."""
    act = beats.begin("draft_review", number, by, version)
    review = _undecided(act)
    _check_not_involved(act, review)
    chain.check_opinion(chain.Opinion(review.round, conclusion, facts, words, changed_to, outcome, redo_days, remedy_unit))
    rules.check_filled({"查明的事实": facts, "理由和依据": words, "变更后的意见": changed_to, "复核机关": remedy_unit})
    if Hearing.objects.filter(review=review, recorded_at=None).exists():
        raise NotAllowed("已通知听证，还没有记录听证情况。", code="hearing_open")
    review.facts, review.words, review.conclusion, review.drafted_by = facts, words, conclusion, by.user
    review.changed_to = changed_to if conclusion == chain.CHANGED else ""
    review.outcome = outcome if conclusion == chain.CHANGED else ""
    review.redo_days = redo_days if conclusion == chain.REDO else None
    review.remedy_unit = remedy_unit.strip() if review.round == Review.Round.REVIEW and conclusion != chain.REDO else ""
    review.save(update_fields=["facts", "words", "conclusion", "drafted_by", "changed_to", "outcome", "redo_days", "remedy_unit"])
    notices.notify(
        act.case,
        kind="petition.draft_review",
        text=f"{number} {review.get_round_display()}意见待签发：{act.case.title}",
        at=act.now,
        to_unit_id=act.case.unit_id,
    )
    return beats.finish(act, text=words, detail={"conclusion": codes.REVIEW_CONCLUSIONS[conclusion].name})


@transaction.atomic
def return_review(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The head wants it changed; the text stays with the handler. Raises NotAllowed."""
    act = beats.begin("return_review", number, by, version)
    review = _undecided(act)
    notices.notify(act.case, kind="petition.return_review", text=f"{number} 意见退回修改：{words}", at=act.now, to_user_id=review.drafted_by_id)
    return beats.finish(act, text=words, is_internal=True)


@transaction.atomic
def decide_review(number: str, *, by: Scope, words: str = "", version: int | None = None) -> Petition:
    """The head of the organ, not the drafter, signs: the opinion is issued and the organ's limit met (条例§35 §36). Raises NotAllowed."""
    act = beats.begin("decide_review", number, by, version)
    review = _undecided(act)
    beats.check_second(act, review.drafted_by_id, f"{review.get_round_display()}意见")
    _check_not_involved(act, review)
    review.decided_by = by.user
    _decide(act, review, act.today)
    review.document = documents.issue(act.case, papers.opinion(act.petition, act.case, review, act.today), by=act.standing, at=act.now)
    review.save(update_fields=["document"])
    deadlines.turn(act.case, on=act.today, meet=[chain.LIMIT_KEY[review.round]])
    return beats.finish(act, text=words, detail={"conclusion": codes.REVIEW_CONCLUSIONS[review.conclusion].name}, findable=review.words)


def _decide(act: beats.Act, review: Review, on: date) -> None:
    """The decision stands; what it revokes is kept word by word, so that it cannot come again (L-PET-72)."""
    review.decided_on, review.decided_at = on, act.now
    if review.conclusion == chain.REDO:
        points = Point.objects.filter(petition=act.petition)
        review.revoked = [{"no": p.no, "support": p.support, "result": p.result, "ground": p.ground} for p in points]
    if review.outcome:
        act.petition.settled_as = review.outcome
    review.save(update_fields=["decided_by", "decided_on", "decided_at", "revoked"])


@transaction.atomic
def enter_review(
    number: str,
    *,
    conclusion: str,
    outside_number: str,
    decided_on: date,
    words: str,
    by: Scope,
    facts: str = "",
    changed_to: str = "",
    outcome: str = "",
    redo_days: int | None = None,
    remedy_unit: str = "",
    version: int | None = None,
) -> Petition:
    """Enter what an organ outside the county decided, from its letter: opinion, non-acceptance or end (条例§35 §36). Raises NotAllowed."""
    act = beats.begin("enter_review", number, by, version)
    review = _undecided(act)
    if not review.received_on <= decided_on <= act.today:
        raise NotAllowed("来文日期不早于收到申请那天，不晚于今天。", code="decided_date", status=422)
    if not outside_number.strip():
        raise NotAllowed("请写来文的文号。", code="number_needed", status=422)
    review.conclusion, review.words, review.facts, review.outside_number = conclusion, words, facts, outside_number.strip()
    detail = {
        "organ": review.organ_name,
        "number": review.outside_number,
        "conclusion": codes.REVIEW_CONCLUSIONS[conclusion].name,
        "decided_on": decided_on.isoformat(),
    }
    if conclusion in (chain.REJECTED, chain.ENDED):
        if conclusion == chain.REJECTED:
            review.rejected_on, review.rejected_words = decided_on, words[:500]
        else:
            review.withdrawn_on = decided_on
        review.save()
        deadlines.turn(act.case, on=decided_on, drop=chain.ORGAN_LIMITS)
        return _end_without_opinion(act, review, words)
    chain.check_opinion(chain.Opinion(review.round, conclusion, facts or words, words, changed_to, outcome, redo_days, remedy_unit))
    review.changed_to, review.outcome, review.redo_days = changed_to, outcome, redo_days if conclusion == chain.REDO else None
    review.remedy_unit = remedy_unit.strip() if review.round == Review.Round.REVIEW else ""
    review.accepted_on = review.accepted_on or decided_on
    review.save()
    _decide(act, review, decided_on)
    deadlines.turn(act.case, on=decided_on, meet=["pet.review_reject", chain.LIMIT_KEY[review.round]])
    return beats.finish(act, text=words, detail=detail, findable=f"{review.outside_number} {words}")


@transaction.atomic
def deliver_review(
    number: str,
    *,
    delivery: str,
    delivered_on: date,
    by: Scope,
    version: int | None = None,
    **how: Unpack[letters.How],
) -> Petition:
    """The opinion reached the person: a 复查 opinion starts the right to 复核, a 复核 opinion is the last word, a redo begins (条例§35 §36).

    The case goes back to the unit whose decision it was. Raises NotAllowed.
    """
    act = beats.begin("deliver_review", number, by, version)
    petition, case = act.petition, act.case
    review = Review.objects.filter(petition=petition, decided_at__isnull=False).select_related("document").latest("id")
    answered_on = review.decided_on or act.today
    detail = letters.deliver_paper(act, review.document, way=delivery, delivered_on=delivered_on, answered_on=answered_on, how=how)
    review.delivery, review.opinion_posted_on, review.delivered_on = delivery, how.get("posted_on"), delivered_on
    review.receiver, review.proof = how.get("receiver", ""), how.get("proof", "")
    review.save(update_fields=["delivery", "opinion_posted_on", "delivered_on", "receiver", "proof"])
    _give_back(act, review)
    if review.conclusion == chain.REDO:
        return _do_again(act, review, detail)
    if review.round == Review.Round.REVIEW:
        deadlines.turn(case, on=act.today, start=[deadlines.Start("pet.rereview_apply", delivered_on, "收到复查意见")])
    else:
        petition.concluded_on = delivered_on
        cases.mark(case, "concluded")
    tell_desk(act, f"{number} {review.get_round_display()}意见已送达，请回访：{case.title}")
    return beats.finish(act, detail=detail)


def _do_again(act: beats.Act, review: Review, detail: dict[str, str]) -> Petition:
    """责令重新办理: the same unit decides every point anew, to the date the opinion sets; no clock of the first handling starts afresh."""
    petition, due_on = act.petition, act.today + timedelta(days=review.redo_days or 0)
    petition.reopened += 1
    petition.settled_as = ""
    petition.replied_on = petition.delivered_on = None
    Point.objects.filter(petition=petition).update(support="")
    cases.mark(act.case, "reopened")
    deadlines.turn(
        act.case,
        on=act.today,
        start=[deadlines.Start("pet.redo", act.today, f"收到{review.get_round_display()}意见", act.case.unit_id, due_on)],
    )
    notices.notify(
        act.case,
        kind="petition.deliver_review",
        text=f"{act.case.number} 原意见被撤销，请在 {due_on:%m月%d日} 前重新办理：{act.case.title}",
        at=act.now,
        to_unit_id=act.case.unit_id,
    )
    return beats.finish(act, to=State.ACCEPTED, detail={**detail, "due_on": due_on.isoformat()})


@transaction.atomic
def withdraw_review(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The person takes the request back of their own will; the decision asked about stands. Raises NotAllowed."""
    act = beats.begin("withdraw_review", number, by, version)
    review = _undecided(act)
    review.withdrawn_on, review.conclusion = act.today, chain.ENDED
    review.save(update_fields=["withdrawn_on", "conclusion"])
    # A hearing that was called for it is not held; those of the handling are another matter.
    Hearing.objects.filter(review=review, recorded_at=None).update(
        is_held=False, minutes="信访人撤回申请，不再举行。", recorded_by=by.user, recorded_at=act.now
    )
    deadlines.turn(act.case, on=act.today, drop=chain.ORGAN_LIMITS)
    return _end_without_opinion(act, review, words)
