"""Hearings: called seven days before, recorded with what was said, their days not counted in the 复核 (条例§31(六) §36②, L-PET-65)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from django.db import transaction

from casework import deadlines, documents
from casework.rules import NotAllowed
from organisations.scope import Scope
from petitions.actions import act as beats
from petitions.models import Hearing, Inquiry, Petition, Reply, Review
from petitions.papers import review as papers
from petitions.rules import chain


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
