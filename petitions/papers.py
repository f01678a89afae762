"""Which papers a petition leaves (document_types P05…P11) and what each must hold (L-PET-70). Plain values only."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.documents import Paper
from casework.models import Case, Deadline, Party
from organisations import directory
from petitions import codes
from petitions.models import Guidance, Petition, Point, Refusal, Reply


def acceptance(petition: Petition, case: Case, today: date) -> Paper:
    """受理告知书: what was received, way and procedure, who handles, expected end (条例§23)."""
    deadline = Deadline.objects.filter(case=case, key__in=["pet.handle", "pet.suggest"], met_on=None, dropped_on=None).first()
    return _paper(
        "P05",
        petition,
        case,
        today,
        word="受告",
        template="petitions/papers/acceptance.html",
        due_on=_words(deadline.due_on) if deadline else "",
    )


def decision(petition: Petition, case: Case, reply: Reply, today: date) -> Paper:
    """处理意见书: facts and opinion point by point, basis, the right to review within 30 days (条例§32 §35)."""
    points = [
        {
            "no": point.no,
            "text": point.text,
            "support": codes.REPLY_SUPPORT.label(point.support),
            "result": point.result,
            "ground": point.ground,
        }
        for point in Point.objects.filter(petition=petition)
    ]
    return _paper(
        "P11",
        petition,
        case,
        today,
        word="信处",
        template="petitions/papers/decision.html",
        points=points,
        text=reply.text,
        remedy_unit=reply.remedy_unit,
        accepted_on=_words(petition.accepted_on) if petition.accepted_on else "",
    )


def refusal(petition: Petition, case: Case, refused: Refusal, today: date) -> Paper:
    """不予受理告知书: reason with article, where to go instead, remedy (条例§19③ §23)."""
    reason = codes.DECLINE_REASONS[refused.code]
    return _paper(
        "P06",
        petition,
        case,
        today,
        word="不受",
        template="petitions/papers/refusal.html",
        reason=reason.name,
        law=f"《信访工作条例》{reason.law}",
        text=refused.words,
        remedy=refused.remedy,
    )


def guidance(petition: Petition, case: Case, guided: Guidance, today: date) -> Paper:
    """依法导入其他途径告知书: which route, which organ, its limit (条例§31)."""
    routes = [
        {"name": route.name, "org": route.org, "limit": route.decided_within} for route in (codes.LAWFUL_ROUTES[code] for code in guided.routes)
    ]
    return _paper(
        "P09",
        petition,
        case,
        today,
        word="导入",
        template="petitions/papers/guidance.html",
        routes=routes,
        text=guided.words,
    )


def _paper(code: str, petition: Petition, case: Case, today: date, *, word: str, template: str, **more: Any) -> Paper:
    unit = directory.current().units[case.unit_id]
    people = Party.objects.filter(case=case, position__in=["petitioner", "representative"])
    context: dict[str, Any] = {
        "case_number": case.number,
        "query_code": petition.query_code,
        "addressee": "、".join(person.name for person in people) or "来信人",
        "title": case.title,
        "channel": codes.CHANNELS[petition.channel].name,
        "received_on": _words(petition.received_on),
        "unit": unit.name,
        "unit_phone": unit.phone,
        "date": _words(today),
        **more,
    }
    return Paper(
        code=code,
        name=codes.DOCUMENT_TYPES[code].name,
        template=template,
        unit_id=unit.id,
        unit_name=unit.short_name,
        word=word,
        context=context,
    )


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
