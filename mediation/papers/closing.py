"""Papers after the talks: inquiry (M04), visit (M08), application for confirmation (M10, F10), case report (M11)."""

from __future__ import annotations

from datetime import date

from casework.documents import Paper
from mediation import codes
from mediation.models import Agreement, Confirmation, Dispute, FollowUpVisit, Inquiry
from mediation.papers.sheet import day_words, lines_of, moment_words, names_of, people_of, sheet


def inquiry(dispute: Dispute, row: Inquiry, today: date) -> Paper:
    """调查记录: when, where, who was asked by which two, what was said; the foot of each page is signed (L-MED-48)."""
    return sheet(
        "M04",
        dispute,
        today,
        word="调查",
        template="mediation/papers/inquiry.html",
        heading="人民调解调查记录",
        began_at=moment_words(row.began_at),
        ended_at=moment_words(row.ended_at),
        place=row.place,
        asked=row.asked,
        asked_facts=row.asked_facts,
        askers=row.askers,
        recorder=row.recorder,
        others=row.others,
        content=lines_of(row.content),
        refused_because=row.refused_because if row.signed == Inquiry.Signed.REFUSED else "",
    )


def visit(dispute: Dispute, row: FollowUpVisit, agreement: Agreement | None, today: date) -> Paper:
    """回访记录: when, whom, by whom, how the agreement is kept, whether they are content, what troubles them (L-MED-50)."""
    return sheet(
        "M08",
        dispute,
        today,
        word="回访",
        template="mediation/papers/visit.html",
        heading="人民调解回访记录",
        parties=names_of(dispute.case),
        agreed_on=day_words(agreement.reached_on if agreement else dispute.agreed_on),
        agreed=lines_of(agreement.content) if agreement else [],
        on=day_words(row.on),
        way=row.get_way_display(),
        visited=row.visited,
        visitors=row.visitors,
        performance=codes.PERFORMANCE[row.performance].name,
        satisfaction=row.get_satisfaction_display(),
        problems=lines_of(row.problems) or ["无"],
    )


def application(dispute: Dispute, row: Confirmation, agreement: Agreement, today: date) -> Paper:
    """司法确认申请书: both ask the court that has jurisdiction, with its ground, to hold the agreement valid (调解法§33, F10)."""
    people = people_of(dispute.case)
    return sheet(
        "M10",
        dispute,
        today,
        word="确申",
        template="mediation/papers/confirmation.html",
        heading="司法确认申请书",
        people=people,
        has_agent=any(person["is_agent"] for person in people),
        court=row.court,
        why=f"{row.get_why_court_display()}：{row.why_words.rstrip('。')}",
        applied_on=day_words(row.applied_on),
        effective_on=day_words(row.effective_on),
        agreement_number=agreement.document.number,
        content=lines_of(agreement.content),
    )


def report(dispute: Dispute, *, summary: str, result: str, opinion: str, today: date) -> Paper:
    """结案报告表: cause, parties, the case in short, the result, the opinion of whoever reviews it (L-MED-50)."""
    return sheet(
        "M11",
        dispute,
        today,
        word="结案",
        template="mediation/papers/report.html",
        heading="人民调解结案报告表",
        parties=names_of(dispute.case),
        accepted_on=day_words(dispute.accepted_on),
        closed_on=day_words(dispute.agreed_on or dispute.ended_on),
        difficulty=codes.DIFFICULTIES[dispute.difficulty].name,
        mediator=dispute.case.handler.name if dispute.case.handler else "",
        summary=lines_of(summary),
        result=lines_of(result),
        opinion=lines_of(opinion),
    )
