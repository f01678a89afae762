"""Papers about a limit: extension (P10), suspension and resumption (P29, P30), the simple answer (P12) and conversion (P31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from casework import explain
from casework.documents import Paper
from casework.models import Case, Deadline, Document
from casework.rules import Outcome
from organisations.models import Post
from organisations.scope import Standing
from petitions import codes
from petitions.models import Extension, Petition, Point, Suspension, Telling
from petitions.papers.letter import cited, day_words, letter, lines_of, numeral, sentence
from petitions.rules import EXTENDABLE

#: What a ground of suspension rests on, as a letter cites it; keys are those of `suspension_grounds`.
_GROUND_LAW = {
    "1": "《信访工作条例》第三十一条第一项至第五项",
    "2": "本县群众工作有关规定",
    "3": "本县群众工作有关规定",
    "4": "《中华人民共和国民法典》第一百八十条",
}


def extension(petition: Petition, case: Case, asked: Extension, deadline: Deadline, approver: Standing, today: date) -> Paper:
    """延期办理告知书: original due date, reason, new due date, who approved (条例§34, L-PET-70, appendix F4)."""
    return letter(
        "P10",
        petition,
        case,
        today,
        word="延告",
        template="petitions/papers/extension.html",
        acceptance_number=_number_of(case, "P05"),
        accepted_on=_day(petition.accepted_on),
        was_due_on=day_words(asked.was_due_on),
        days=asked.days,
        due_on=day_words(deadline.due_on),
        reason=asked.reason.strip().rstrip("。；; "),
        approver=office_of(approver, today),
        law=cited(deadline.limit.cites),
        why=_why(deadline),
    )


def suspension(petition: Petition, case: Case, held: Suspension, today: date) -> Paper:
    """中止办理告知书: ground, what proves it, until when it is expected, that the limit stands still and how it goes on."""
    ground = codes.SUSPENSION_GROUNDS[held.ground]
    return letter(
        "P29",
        petition,
        case,
        today,
        word="中告",
        template="petitions/papers/suspension.html",
        acceptance_number=_number_of(case, "P05"),
        ground=ground.name,
        law=_GROUND_LAW[held.ground],
        words=sentence(held.words),
        evidence=held.evidence.strip().rstrip("。；; "),
        from_on=day_words(held.from_on),
        expected_until_on=_day(held.expected_until_on),
        contact=case.handler.name if case.handler else "",
    )


def resumption(petition: Petition, case: Case, held: Suspension, today: date) -> Paper:
    """恢复办理告知书: since when it goes on, how many days were not counted, the new due date."""
    deadline = Deadline.objects.filter(case=case, key__in=EXTENDABLE, met_on=None, dropped_on=None).first()
    return letter(
        "P30",
        petition,
        case,
        today,
        word="恢告",
        template="petitions/papers/resumption.html",
        suspension_number=held.document.number if held.document else "",
        from_on=day_words(held.from_on),
        resumed_on=day_words(today),
        days=(today - held.from_on).days,
        words=sentence(held.resume_words),
        due_on=_day(deadline.due_on if deadline else None),
        first_due_on=_day(deadline.first_due_on if deadline else None),
        why=_why(deadline) if deadline else [],
        contact=case.handler.name if case.handler else "",
    )


def simple_answer(petition: Petition, case: Case, told: Telling, points: Sequence[Point], outcome: str, today: date) -> Paper:
    """简易答复记录: when, by which way and number, by whom and to whom, what was answered point by point (L-SIM-5)."""
    moment = timezone.localtime(told.told_at)
    return letter(
        "P12",
        petition,
        case,
        today,
        word="简记",
        template="petitions/papers/simple_answer.html",
        ground=codes.SIMPLE_GROUNDS.label(petition.simple_ground),
        accepted_on=_day(petition.accepted_on),
        told_at=f"{day_words(moment.date())}{moment:%H:%M}",
        way=told.get_way_display(),
        told_number=told.number,
        person=told.person,
        teller=told.by.name,
        lines=lines_of(told.words),
        outcome=Outcome(outcome).label,
        points=[
            {
                "numeral": numeral(point.no),
                "text": point.text,
                "support": codes.REPLY_SUPPORT.label(point.support),
                "result": sentence(point.result),
                "ground": point.ground.rstrip("。；; "),
            }
            for point in points
        ],
    )


def conversion(petition: Petition, case: Case, words: str, today: date) -> Paper:
    """转为普通程序办理告知书: why, and that the 60 days count from the original acceptance (L-SIM-6)."""
    deadline = Deadline.objects.filter(case=case, key__in=EXTENDABLE, met_on=None, dropped_on=None).select_related("limit").first()
    return letter(
        "P31",
        petition,
        case,
        today,
        word="转告",
        template="petitions/papers/conversion.html",
        accepted_on=_day(petition.accepted_on),
        reason=sentence(words),
        days=deadline.limit.n if deadline else "",
        due_on=_day(deadline.due_on if deadline else None),
        why=_why(deadline) if deadline else [],
        contact=case.handler.name if case.handler else "",
    )


def _why(deadline: Deadline) -> list[str]:
    """The same account of the date that the screen gives, in sentences (beyond.md 12). Read anew: the event was just written."""
    return explain.explain(Deadline.objects.select_related("limit").prefetch_related("events__by").get(pk=deadline.pk)).lines()


def office_of(standing: Standing, today: date) -> str:
    """The approver's office as a letter names it: the post's own title, «负责人» where it has none. Never a person's name alone."""
    holder = standing.on_behalf_of_id or standing.user_id
    post = Post.objects.current(today).filter(user=holder, unit=standing.unit_id, role=standing.role).first()
    return post.title if post and post.title else "负责人"


def _number_of(case: Case, paper: str) -> str:
    """The number of the last such paper of the case, "" where none was issued."""
    found = Document.objects.filter(case=case, paper=paper).order_by("-id").first()
    return found.number if found else ""


def _day(day: date | None) -> str:
    return day_words(day) if day else ""
