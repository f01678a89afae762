"""Papers of mediation itself: application, registration, rights, record of a talk, agreement, end (M01…M09; L-MED-47…49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from casework.documents import Paper
from mediation import codes
from mediation.models import Agreement, AgreementItem, Attendance, Dispute, Ending, Mediating, Session, Signature
from mediation.papers.sheet import day_words, lines_of, moment_words, people_of, sheet
from mediation.rules.money import capitals
from mediation.rules.talks import LIMITATIONS, ORAL, SIDES
from organisations import directory

#: 案件来源 of a dispute its parties brought themselves: they sign an application (L-MED-47).
BY_APPLICATION = "1"
_NUMERALS = "一二三四五六七八九十"


def taken_on(dispute: Dispute, today: date) -> list[Paper]:
    """What the acceptance owes: the registration form, and the application where a party applied (L-MED-47)."""
    people = people_of(dispute.case)
    told: dict[str, Any] = {
        "people": people,
        "story_lines": lines_of(dispute.story),
        "demand_lines": lines_of(dispute.demand),
        "source": dispute.get_source_display(),
        "place": _place(dispute),
        "received_on": day_words(dispute.received_on),
        "registered_by": dispute.case.registered_by.name,
    }
    found = [sheet("M02", dispute, today, word="调登", template="mediation/papers/registration.html", **told)]
    if dispute.source == BY_APPLICATION:
        found.append(sheet("M01", dispute, today, word="调申", template="mediation/papers/request.html", **told))
    return found


def rights(dispute: Dispute, today: date) -> Paper:
    """权利义务告知书: rights and duties of the parties, free of charge, what an agreement binds to (调解法§4 §23 §24; L-MED-6)."""
    return sheet("M03", dispute, today, word="调告", template="mediation/papers/rights.html", people=people_of(dispute.case))


def minutes(dispute: Dispute, session: Session, today: date) -> Paper:
    """调解记录: when, where, who was there, the facts, what was said, what came of it (L-MED-48)."""
    there = list(Attendance.objects.filter(session=session))
    by_part = {part: "、".join(row.name for row in there if row.part == part) for part in Attendance.Part.values}
    said = [
        {
            "side": row.get_letter_display(),
            "points": row.points,
            "sum": f"{row.get_wants_display()}{money(row.amount)}" if row.amount is not None else "",
        }
        for row in session.positions.all()
    ]
    return sheet(
        "M05",
        dispute,
        today,
        word="调记",
        template="mediation/papers/minutes.html",
        kind=session.get_kind_display() + (f"（{session.get_letter_display()}）" if session.letter else ""),
        openness="不公开（当事人要求）" if session.is_closed else "公开",
        began=moment_words(session.began_at) if session.began_at else "",
        ended=moment_words(session.ended_at) if session.ended_at else "",
        held_at=session.place,
        parties=_joined(by_part["party"], by_part["agent"] and f"{by_part['agent']}（代理人）"),
        mediators=by_part["mediator"],
        recorder=by_part["recorder"],
        guests=by_part["guest"] or "无",
        story_lines=lines_of(dispute.story),
        said=said,
        minute_lines=lines_of(session.minutes),
        gist_lines=lines_of(session.gist),
    )


def invitation(dispute: Dispute, session: Session, names: Sequence[str], today: date) -> Paper:
    """调解通知书: when and where to come, before whom, what to bring; nobody is forced (75号令§30; 调解法§23)."""
    mediators = Mediating.objects.filter(dispute=dispute, until_on=None).values_list("name", flat=True)
    return sheet(
        "M15",
        dispute,
        today,
        word="调通",
        template="mediation/papers/invitation.html",
        addressee="、".join(names),
        kind=session.get_kind_display(),
        held_at=session.place,
        at=moment_words(session.planned_at) if session.planned_at else "",
        mediators="、".join(mediators),
    )


def agreement(dispute: Dispute, row: Agreement, items: Sequence[AgreementItem], signatures: Sequence[Signature], today: date) -> Paper:
    """人民调解协议书, or the registration of an oral one: facts, dispute, duties, items with sums in figures and capitals (调解法§28 §29)."""
    is_oral = row.form == ORAL
    people = people_of(dispute.case)
    names = {letter: "、".join(p["name"] for p in people if p["letter"] == letter and not p["is_agent"]) for letter in SIDES}
    return sheet(
        "M07" if is_oral else "M06",
        dispute,
        today,
        word="口调" if is_oral else "人调",
        template="mediation/papers/oral_agreement.html" if is_oral else "mediation/papers/agreement.html",
        people=people,
        fact_lines=lines_of(row.facts),
        disputed_lines=lines_of(row.disputed),
        duty_lines=lines_of(row.responsibilities),
        content_lines=lines_of(row.content),
        items=[
            {
                "numeral": _NUMERALS[item.no - 1],
                "no": item.no,
                "words": _item_words(item, names),
                "due_on": day_words(item.due_on),
                "way": item.way,
            }
            for item in items
        ],
        total=money(row.total) if row.total else "",
        place=row.place or "无特别约定",
        is_on_the_spot=row.is_on_the_spot,
        reached_on=day_words(row.reached_on),
        effective_on=day_words(row.effective_on),
        signed=[f"{sign.get_letter_display()}{sign.party.name}（{sign.get_way_display()}，{day_words(sign.on)}）" for sign in signatures],
        mediators="、".join(row.mediators),
        sealed_on=day_words(row.sealed_on),
        copies=row.copies,
    )


def ending(dispute: Dispute, row: Ending, today: date) -> Paper:
    """终止调解通知书: why it ended, and the lawful ways that are open with their time limits (调解法§26; L-MED-8)."""
    names = "、".join(p["name"] for p in people_of(dispute.case) if not p["is_agent"])
    paper = sheet(
        "M09",
        dispute,
        today,
        word="调终",
        template="mediation/papers/ending.html",
        addressee=names,
        reason="申请人撤回调解申请" if row.is_withdrawn else codes.END_REASONS[row.reason].name,
        word_lines=lines_of(row.words),
        routes=[{"name": codes.WAYS[code].name, "words": LIMITATIONS[code]} for code in row.routes],
        limitation=row.limitation,
        accepted_on=day_words(dispute.accepted_on),
    )
    return replace(paper, name="终止调解通知书")


def money(amount: Any) -> str:
    """«12,000.00元（大写：壹万贰仟元整）»: in figures and so that no digit can be added."""
    return f"{amount:,.2f}元（大写：{capitals(amount)}）"


def _item_words(item: AgreementItem, names: dict[str, str]) -> str:
    who = f"{SIDES[item.debtor]}（{names[item.debtor]}）向{SIDES[item.creditor]}（{names[item.creditor]}）"
    if item.kind == AgreementItem.Kind.MONEY:
        return f"{who}给付{item.what}{money(item.amount)}"
    return f"{who}{'交付' if item.kind == AgreementItem.Kind.THING else '履行'}：{item.what}"


def _joined(*parts: str) -> str:
    return "、".join(part for part in parts if part)


def _place(dispute: Dispute) -> str:
    area = directory.current().areas.get(dispute.case.area_id or 0)
    return f"{area.path_name if area else ''}{dispute.place}"
