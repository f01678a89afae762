"""Which papers a petition leaves (document_types P05…P11) and what each must hold (L-PET-70). Plain values only."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils import timezone

from casework.documents import Paper
from casework.models import Case, Deadline, Party
from organisations import directory
from petitions import codes
from petitions.models import Dispatch, Guidance, Inquiry, Petition, Point, Refusal, Reply
from petitions.rules import SUGGESTION_PURPOSES

#: Numbers of the second rank in a letter: （一）（二）… (L-DOC-6).
_NUMERALS = "一二三四五六七八九十"
#: decline_reasons.kind of a matter that is closed for good: its notice is P07, not P06 (L-PET-70).
_NO_MORE = "不再受理"


def acceptance(petition: Petition, case: Case, today: date) -> Paper:
    """受理告知书: what was received, way and procedure, who handles, expected end (条例§23)."""
    deadline = Deadline.objects.filter(case=case, key__in=["pet.handle", "pet.suggest"], met_on=None, dropped_on=None).order_by("-id").first()
    return _paper(
        "P05",
        petition,
        case,
        today,
        word="受告",
        template="petitions/papers/acceptance.html",
        due_on=_words(deadline.due_on) if deadline else "",
        is_suggestion=petition.purpose in SUGGESTION_PURPOSES,
        contact=case.handler.name if case.handler else "",
        **_forwarded(petition),
    )


def decision(petition: Petition, case: Case, reply: Reply, today: date) -> Paper:
    """处理意见书: facts and opinion point by point, basis, the right to review within 30 days (条例§32 §35)."""
    heard, investigated = _inquiries(petition)
    points = [
        {
            "no": point.no,
            "numeral": numeral(point.no),
            "text": point.text,
            "support": codes.REPLY_SUPPORT.label(point.support),
            "result": _sentence(point.result),
            "ground": point.ground.rstrip("。；; "),
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
        lines=_lines(reply.text),
        remedy_unit=reply.remedy_unit,
        accepted_on=_words(petition.accepted_on) if petition.accepted_on else "",
        heard=heard,
        investigated=investigated,
        centre=_centre(),
        **_forwarded(petition),
    )


def refusal(petition: Petition, case: Case, refused: Refusal, today: date) -> Paper:
    """不予受理告知书, or 不再受理告知书 of a concluded matter: reason with article, remedy (条例§19③ §23 §36③)."""
    reason = codes.DECLINE_REASONS[refused.code]
    is_final = reason.kind == _NO_MORE
    return _paper(
        "P07" if is_final else "P06",
        petition,
        case,
        today,
        word="不再受" if is_final else "不受",
        template="petitions/papers/refusal.html",
        reason=reason.name,
        law=cited(reason.law),
        decision=_NO_MORE if is_final else "不予受理",
        lines=_lines(refused.words),
        remedy=_sentence(refused.remedy),
    )


def guidance(petition: Petition, case: Case, guided: Guidance, today: date) -> Paper:
    """依法导入其他途径告知书: which route, which organ, its limit (条例§31)."""
    routes = [
        {"name": route.name, "org": route.org, "apply_within": route.apply_within, "limit": route.decided_within, "cites": route.cites}
        for route in (codes.LAWFUL_ROUTES[code] for code in guided.routes)
    ]
    return _paper(
        "P09",
        petition,
        case,
        today,
        word="导入",
        template="petitions/papers/guidance.html",
        routes=routes,
        lines=_lines(guided.words) if not _repeats_routes(guided.words, routes) else [],
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


def _forwarded(petition: Petition) -> dict[str, str]:
    """By whom and when the matter came to the unit, when it did not come directly (L-PET-70 受理告知书, 处理意见书)."""
    sent = Dispatch.objects.filter(petition=petition, ended_at=None).select_related("from_unit").first()
    if sent is None:
        return {"from_unit": "", "forwarded_on": "", "taken_on": "", "duty": ""}
    day = _words(timezone.localdate(sent.sent_at))
    return {"from_unit": sent.from_unit.name, "forwarded_on": day, "taken_on": day, "duty": sent.get_duty_display()}


def _inquiries(petition: Petition) -> tuple[str, str]:
    """«2026年5月1日，王海涛、宋涛» of the last hearing and the last investigation (L-PET-61)."""
    found = {row.kind: f"{_words(row.on)}，{row.officers}" for row in Inquiry.objects.filter(petition=petition)}
    return found.get(Inquiry.Kind.HEARD, ""), found.get(Inquiry.Kind.INVESTIGATED, "")


def _centre() -> str:
    tree = directory.current()
    facts = tree.units.get(tree.centre_id or 0)
    return facts.name if facts else "同级信访部门"


def numeral(no: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十: up to 99, more than a petition's points."""
    tens, ones = divmod(no, 10)
    if no <= len(_NUMERALS):
        return _NUMERALS[no - 1]
    return f"{_NUMERALS[tens - 1] if tens > 1 else ''}十{_NUMERALS[ones - 1] if ones else ''}"


def cited(law: str) -> str:
    """«条例§19③» as a letter cites it: 《信访工作条例》第十九条第三款; a local rule is cited by its name."""
    if not law.startswith("条例§"):
        return f"本地有关规定（{law}）"
    articles = []
    for number, paragraph, item in re.findall(r"§(\d+)([①-⑨]?)(?:\(([一二三四五六七八九])\))?", law):
        words = f"第{numeral(int(number))}条"
        words += f"第{numeral('①②③④⑤⑥⑦⑧⑨'.index(paragraph) + 1)}款" if paragraph else ""
        articles.append(words + (f"第{item}项" if item else ""))
    return f"《信访工作条例》{'、'.join(articles)}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sentence(text: str) -> str:
    """The words with a full stop at their end, on one line."""
    joined = "".join(_lines(text))
    return joined if joined.endswith(("。", "！", "？")) else f"{joined}。"


def _repeats_routes(text: str, routes: list[dict[str, str]]) -> bool:
    """The wizard's proposal left as it was says what the letter's own list says."""
    return all(route["name"] in text and route["limit"] in text for route in routes) and len(_lines(text)) <= len(routes) + 1
