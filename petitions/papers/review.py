"""Papers of the review chain: P13 application, P14 notices, P15 opinion, P22 hearing; what each must hold (L-PET-70, F6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.template.loader import render_to_string

from casework import documents
from casework.documents import Paper
from casework.models import Case, Deadline
from organisations import directory
from petitions.models import Hearing, Petition, Review
from petitions.papers.letter import day_words, letter, lines_of
from petitions.rules import chain

#: The class of number by round: 复查…, 复核….
_WORDS = {1: "复查", 2: "复核"}


def application(petition: Petition, case: Case, review: Review, today: date) -> Paper:
    """复查（复核）申请书: who asks, of whom, against which opinion, what and why; to be signed by the person (条例§35 §36)."""
    tree = directory.current()
    word = _WORDS[review.round]
    centre_id = tree.centre_id
    paper = letter(
        "P13",
        petition,
        case,
        today,
        word=f"{word}申",
        template="petitions/papers/review_application.html",
        unit_id=centre_id,
        asked=word,
        organ=review.organ_name,
        original_unit=tree.units[review.original_unit_id].name,
        original_number=review.original_number,
        request_lines=lines_of(review.request),
        ground_lines=lines_of(review.grounds),
        asked_on=day_words(review.posted_on or review.received_on),
        is_posted=review.posted_on is not None,
        is_online=review.is_online,
        late_reason=review.late_reason,
    )
    return replace(paper, name=f"{word}申请书")


def blank_application(facts: Mapping[str, str]) -> str:
    """The same to be written by hand, as a page: what is known stands in it (条例§35 §36). Not numbered, not kept."""
    return render_to_string("petitions/papers/review_blank.html", {**facts, "head_size": documents.LETTER_HEAD})


def acceptance(petition: Petition, case: Case, review: Review, today: date) -> Paper:
    """复查（复核）受理告知书: received when, accepted, decided until when (条例§35 §36)."""
    limit = Deadline.objects.filter(case=case, key=chain.LIMIT_KEY[review.round], met_on=None, dropped_on=None).first()
    return _notice(petition, case, review, today, is_accepted=True, due_on=day_words(limit.due_on) if limit else "")


def rejection(petition: Petition, case: Case, review: Review, today: date) -> Paper:
    """不予受理告知书 of a request for review: why not (L-PET-T1 pet.review_reject)."""
    return _notice(petition, case, review, today, is_accepted=False, reason_lines=lines_of(review.rejected_words))


def _notice(petition: Petition, case: Case, review: Review, today: date, *, is_accepted: bool, **more: Any) -> Paper:
    word = _WORDS[review.round]
    paper = letter(
        "P14",
        petition,
        case,
        today,
        word=f"{word}受" if is_accepted else f"{word}不受",
        template="petitions/papers/review_notice.html",
        asked=word,
        article="三十五" if review.round == Review.Round.REVIEW else "三十六",
        is_accepted=is_accepted,
        original_unit=directory.current().units[review.original_unit_id].name if review.of_review is None else review.of_review.organ_name,
        original_number=review.original_number,
        asked_on=day_words(review.received_on),
        is_late=bool(review.late_reason),
        contact=case.handler.name if case.handler else "",
        **more,
    )
    return replace(paper, name=f"{word}{'受理' if is_accepted else '不予受理'}告知书")


def opinion(petition: Petition, case: Case, review: Review, today: date) -> Paper:
    """复查（复核）意见书: request, facts found again, reasons, conclusion; the right to 复核 or the words of the last word (F6)."""
    tree = directory.current()
    word = _WORDS[review.round]
    paper = letter(
        "P15",
        petition,
        case,
        today,
        word=word,
        template="petitions/papers/review_opinion.html",
        asked=word,
        original_unit=tree.units[review.original_unit_id].name,
        decided_by=review.of_review.organ_name if review.of_review else tree.units[review.original_unit_id].name,
        original_number=review.original_number,
        request_lines=lines_of(review.request),
        ground_lines=lines_of(review.grounds),
        asked_on=day_words(review.received_on),
        accepted_on=day_words(review.accepted_on) if review.accepted_on else "",
        fact_lines=lines_of(review.facts),
        reason_lines=lines_of(review.words),
        conclusion=review.conclusion,
        changed_lines=lines_of(review.changed_to),
        redo_days=review.redo_days or 0,
        remedy_unit=review.remedy_unit,
        hearings=[f"{day_words(h.held_on)}在{h.place}" for h in review.hearings.filter(is_held=True)],
        excluded=[
            f"{day_words(h.excluded_from)}至{day_words(h.excluded_until)}"
            for h in review.hearings.filter(is_held=True)
            if h.excluded_from and h.excluded_until
        ],
        is_final=review.round == Review.Round.REREVIEW and review.conclusion != chain.REDO,
        copy_to="、".join(dict.fromkeys([tree.units[review.original_unit_id].name, _centre_name()])),
    )
    return replace(paper, name=f"{word}意见书")


def _centre_name() -> str:
    tree = directory.current()
    return tree.units[tree.centre_id].name if tree.centre_id else "同级信访部门"


def _hearing_time(hearing: Hearing) -> str:
    """Day and hour, as the person needs them to be there."""
    return day_words(hearing.held_on) + (f"{hearing.begins_at.hour}时{hearing.begins_at:%M}分" if hearing.begins_at else "")


def hearing_notice(petition: Petition, case: Case, hearing: Hearing, today: date) -> Paper:
    """听证通知书: when, where, who hears, what the person may do (L-PET-65)."""
    paper = letter(
        "P22",
        petition,
        case,
        today,
        word="听通",
        template="petitions/papers/hearing_notice.html",
        held_on=_hearing_time(hearing),
        place=hearing.place,
        chair=hearing.chair,
        panel=hearing.panel,
        attendees=hearing.attendees,
        asked=_WORDS[hearing.review.round] if hearing.review else "",
        answer_by=day_words(hearing.held_on - timedelta(days=3)),
        contact=case.handler.name if case.handler else "",
    )
    return replace(paper, name="听证通知书")


def hearing_record(petition: Petition, case: Case, hearing: Hearing, today: date) -> Paper:
    """听证笔录: who was there, what was said, the conclusion, to be signed by all (L-PET-65)."""
    paper = letter(
        "P22",
        petition,
        case,
        today,
        word="听录",
        template="petitions/papers/hearing_record.html",
        held_on=_hearing_time(hearing),
        place=hearing.place,
        chair=hearing.chair,
        panel=hearing.panel,
        attendees=hearing.attendees,
        minute_lines=lines_of(hearing.minutes),
        conclusion_lines=lines_of(hearing.conclusion),
        is_public=hearing.is_public,
    )
    return replace(paper, name="听证笔录")
