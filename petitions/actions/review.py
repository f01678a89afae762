"""The review chain: 复查 and 复核 by the higher body, hearings, the last word, and what is owed after it (条例§35–37).

While an organ has the request it holds the case (`case.unit`), so that its people and nobody else act; afterwards the
case goes back to the unit whose decision it was. An organ outside the county acts on paper: the centre's office holds
the case meanwhile and enters what the letters say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Unpack

from django.db import transaction

from casework import cases, deadlines, documents, notices
from casework.models import Case, Deadline
from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.roles import Role
from organisations.scope import Scope
from petitions import codes, rules
from petitions.actions import act as beats
from petitions.actions import letters
from petitions.actions.naming import desk_of, tell_desk
from petitions.models import FollowUp, Hearing, Inquiry, Petition, Point, Reply, Review
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
    _unmark_lapsed(case)
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


def _unmark_lapsed(case: Case) -> None:
    case.marks = [mark for mark in case.marks if mark != "lapsed"]


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


# -- hearing (条例§31(六) §36②, L-PET-65) ---------------------------------------------------------------------------------------------------


@transaction.atomic
def call_hearing(
    number: str,
    *,
    held_on: date,
    begins_at: time,
    place: str,
    chair: str,
    panel: Sequence[str],
    attendees: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Name chair and panel and tell the person at least seven days before (L-PET-65). Raises NotAllowed."""
    act = beats.begin("call_hearing", number, by, version)
    petition = act.petition
    if Hearing.objects.filter(petition=petition, recorded_at=None).exists():
        raise NotAllowed("已通知的听证还没有记录，不能再通知。", code="hearing_open")
    members = [name.strip() for name in panel if name.strip()]
    chain.check_panel(chair=chair, panel=members, held_on=held_on, today=act.today, involved=_involved_names(act))
    review = Review.objects.filter(petition=petition, decided_at=None, rejected_on=None, withdrawn_on=None).first()
    hearing = Hearing(
        petition=petition,
        review=review,
        announced_on=act.today,
        held_on=held_on,
        begins_at=begins_at,
        place=place,
        chair=chair.strip(),
        panel="、".join(members),
        attendees=attendees,
        by=by.user,
        at=act.now,
    )
    hearing.notice = documents.issue(act.case, papers.hearing_notice(petition, act.case, hearing, act.today), by=act.standing, at=act.now)
    hearing.save()
    return beats.finish(
        act,
        text=f"{held_on:%Y-%m-%d} {begins_at:%H:%M} 在{place}举行听证",
        detail={"chair": hearing.chair, "panel": hearing.panel, "attendees": attendees},
    )


def _involved_names(act: beats.Act) -> set[str]:
    """Everybody who had a hand in the matter: handler, officers, who prepared and signed, who is complained about."""
    petition = act.petition
    names = {petition.respondent_name, act.case.handler.name if act.case.handler else ""}
    for officers in Inquiry.objects.filter(petition=petition).values_list("officers", flat=True):
        names.update(officers.split("、"))
    for pair in Reply.objects.filter(petition=petition).values_list("prepared_by__name", "approved_by__name"):
        names.update(name for name in pair if name)
    for trio in Review.objects.filter(petition=petition).values_list("drafted_by__name", "decided_by__name", "original_handler__name"):
        names.update(name for name in trio if name)
    return names - {""}


@transaction.atomic
def record_hearing(
    number: str,
    *,
    is_held: bool,
    attendees: str,
    minutes: str,
    conclusion: str,
    by: Scope,
    is_public: bool = False,
    excluded_from: date | None = None,
    excluded_until: date | None = None,
    version: int | None = None,
) -> Petition:
    """Minutes, who came, the conclusion, public or not; or that it was not held and why (L-PET-65). Raises NotAllowed.

    In a 复核 the days of the hearing are not counted in the 30 (条例§36②, L-TIME-7); by default those from the notice to
    the hearing. Nowhere else is time excluded.
    """
    act = beats.begin("record_hearing", number, by, version)
    hearing = Hearing.objects.filter(petition=act.petition, recorded_at=None).select_related("review").first()
    if hearing is None:
        raise NotAllowed("没有已通知而未记录的听证。", code="no_hearing")
    if is_held and act.today < hearing.held_on:
        raise NotAllowed(f"听证定于 {hearing.held_on:%m月%d日} 举行，还没有到期。", code="not_yet", status=422)
    if len(minutes.strip()) < chain.MIN_REASON or (is_held and not (attendees.strip() and conclusion.strip())):
        raise NotAllowed("请写明听证笔录、到场人员和听证结论；没有举行的写明原因。", code="minutes_needed", status=422)
    hearing.is_held, hearing.minutes, hearing.is_public = is_held, minutes, is_held and is_public
    hearing.conclusion = conclusion if is_held else ""
    hearing.attendees = attendees or hearing.attendees
    hearing.recorded_by, hearing.recorded_at = by.user, act.now
    detail = {"attendees": hearing.attendees, "conclusion": hearing.conclusion} if is_held else {}
    if is_held:
        hearing.document = documents.issue(act.case, papers.hearing_record(act.petition, act.case, hearing, act.today), by=act.standing, at=act.now)
        if hearing.review is not None and hearing.review.round == Review.Round.REREVIEW:
            _exclude(act, hearing, excluded_from or hearing.announced_on, excluded_until or hearing.held_on)
    hearing.save()
    told = minutes if is_held else f"听证没有举行：{minutes}"
    return beats.finish(act, text=told, detail=detail, findable=f"{minutes} {conclusion}")


def _exclude(act: beats.Act, hearing: Hearing, from_on: date, until_on: date) -> None:
    """The hearing's days do not count in the term of the 复核. Raises NotAllowed."""
    if not hearing.announced_on <= from_on <= until_on <= act.today:
        raise NotAllowed("不计期限的时间不早于发出听证通知那天，不晚于今天。", code="excluded_dates", status=422)
    hearing.excluded_from, hearing.excluded_until = from_on, until_on
    deadlines.exclude(
        act.case,
        chain.LIMIT_KEY[Review.Round.REREVIEW],
        from_on=from_on,
        until_on=until_on,
        reason=f"复核听证时间不计入期限（{hearing.document.number if hearing.document else ''}）",
        cites="条例§36②",
        by=act.standing,
        at=act.now,
    )


# -- the end, and after it -------------------------------------------------------------------------------------------------------------------


#: What a base unit owes after the last word: it runs on after the case is closed, each task by its own row.
FOLLOW_UP = "pet.follow_up"


@transaction.atomic
def conclude(number: str, *, by: Scope, words: str = "", version: int | None = None) -> Petition:
    """The person let the term for 复查 or 复核 pass: the matter is concluded, the case closed if it was not (L-PET-11). Raises NotAllowed."""
    act = beats.begin("conclude", number, by, version)
    petition, case = act.petition, act.case
    if petition.concluded_on is not None:
        raise NotAllowed("本件已经三级终结。", code="concluded_before")
    right = queries.open_right(petition)
    if not right.is_late(act.today):
        raise NotAllowed(
            f"信访人在 {right.due_on.year}年{right.due_on.month}月{right.due_on.day}日 前还可以申请{right.word}，不能终结。", code="too_early"
        )
    petition.concluded_on = right.due_on
    _unmark_lapsed(case)
    cases.mark(case, "concluded")
    deadlines.turn(case, on=act.today, drop=[right.key, *chain.ORGAN_LIMITS])
    if case.is_open:
        cases.close(case, petition.settled_as, act.now)
    return beats.finish(act, text=words or f"未在规定期限内申请{right.word}", detail={"concluded_on": right.due_on.isoformat()})


@transaction.atomic
def follow_up(number: str, *, unit_id: int, text: str, due_on: date, by: Scope, version: int | None = None) -> Petition:
    """Give a base unit something to do for the person after the last word; the matter itself stays closed (条例§37③). Raises NotAllowed."""
    act = beats.begin("follow_up", number, by, version)
    unit = directory.current().units.get(unit_id)
    if act.petition.concluded_on is None:
        raise NotAllowed("本件还没有终结，帮扶任务在终结之后交办（条例第三十七条）。", code="not_concluded")
    if unit is None or not unit.is_active or unit_id == directory.current().centre_id:
        raise NotAllowed("请选择承担帮扶任务的基层单位。", code="unit_gone", status=422)
    if due_on < act.today:
        raise NotAllowed("任务期限不能早于今天。", code="task_past", status=422)
    task = FollowUp.objects.create(petition=act.petition, unit_id=unit_id, text=text, due_on=due_on, by=by.user, at=act.now)
    deadlines.turn(act.case, on=act.today, start=[deadlines.Start(FOLLOW_UP, act.today, "交办帮扶任务", unit_id, due_on, item=task.pk)])
    cases.show_to(act.case, cases.unit_readers([unit_id]))
    notices.notify(act.case, kind="petition.follow_up", text=f"{number} 帮扶任务：{text}", at=act.now, to_unit_id=unit_id)
    return beats.finish(act, text=text, detail={"to_unit": unit.short_name, "due_on": due_on.isoformat()})


@transaction.atomic
def finish_follow_up(number: str, *, task_id: int, result: str, by: Scope, version: int | None = None) -> Petition:
    """The base unit says what it did for the person. Raises NotAllowed."""
    act = beats.begin("finish_follow_up", number, by, version)
    task = FollowUp.objects.filter(petition=act.petition, pk=task_id, done_on=None).first()
    standing = by.holds(act.step.roles, task.unit_id) if task else None
    if task is None or standing is None:
        raise NotAllowed("没有这项待反馈的帮扶任务，或不是您单位的。", code="no_task", status=422)
    act.standing = standing
    task.result, task.done_by, task.done_on = result, by.user, act.today
    task.save(update_fields=["result", "done_by", "done_on"])
    deadlines.meet_item(act.case, FOLLOW_UP, task.pk, on=act.today)
    tell_desk(act, f"{number} 帮扶任务已反馈：{task.text}")
    return beats.finish(act, text=result, findable=result)


# -- what the clock does ---------------------------------------------------------------------------------------------------------------------


def mark_lapsed(most: int = 500) -> int:
    """Mark the cases whose term for 复查 or 复核 passed unused; the office concludes them, no counter does. Returns how many."""
    today = clock.today()
    found = Deadline.objects.filter(key__in=chain.RIGHT_KEY.values(), due_on__lt=today, met_on=None, dropped_on=None).order_by("id")
    ids = list(found.values_list("pk", "case_id")[:most])
    for deadline_id, case_id in ids:
        _mark_lapsed(deadline_id, case_id, today)
    return len(ids)


@transaction.atomic
def _mark_lapsed(deadline_id: int, case_id: int, today: date) -> None:
    """One right that nobody used: its row is ended, the case bears the mark. A mark is no act: version and history stay."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if Deadline.objects.filter(pk=deadline_id, met_on=None, dropped_on=None).update(dropped_on=today) and not case.confidential:
        cases.mark(case, "lapsed")
        case.save(update_fields=["marks"])
