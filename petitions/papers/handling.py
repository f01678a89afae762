"""Papers of the first round: acceptance, decision, refusal, guidance (P05…P11) and what each must hold (L-PET-70)."""

from __future__ import annotations

from datetime import date

from casework.documents import Paper
from casework.models import Case, Deadline
from petitions import codes
from petitions.models import Guidance, Petition, Refusal, Reply
from petitions.papers.letter import centre_name, cited, day_words, forwarded, inquiries, letter, lines_of, numeral, points_of, sentence
from petitions.rules import SUGGESTION_PURPOSES

#: decline_reasons.kind of a matter that is closed for good: its notice is P07, not P06 (L-PET-70).
_NO_MORE = "不再受理"


def acceptance(petition: Petition, case: Case, today: date) -> Paper:
    """受理告知书: what was received, way and procedure, who handles, expected end (条例§23)."""
    deadline = Deadline.objects.filter(case=case, key__in=["pet.handle", "pet.suggest"], met_on=None, dropped_on=None).order_by("-id").first()
    return letter(
        "P05",
        petition,
        case,
        today,
        word="受告",
        template="petitions/papers/acceptance.html",
        due_on=day_words(deadline.due_on) if deadline else "",
        is_suggestion=petition.purpose in SUGGESTION_PURPOSES,
        contact=case.handler.name if case.handler else "",
        **forwarded(petition, case),
    )


def decision(petition: Petition, case: Case, reply: Reply, today: date) -> Paper:
    """处理意见书: facts and opinion point by point, basis, the right to review within 30 days (条例§32 §35)."""
    heard, investigated = inquiries(petition, case)
    points = [
        {
            "no": point.no,
            "numeral": numeral(point.no),
            "text": point.text,
            "support": codes.REPLY_SUPPORT.label(point.support),
            "result": sentence(point.result),
            "ground": point.ground.rstrip("。；; "),
        }
        for point in points_of(petition, case)
    ]
    return letter(
        "P11",
        petition,
        case,
        today,
        word="信处",
        template="petitions/papers/decision.html",
        points=points,
        lines=lines_of(reply.text),
        remedy_unit=reply.remedy_unit,
        accepted_on=day_words(petition.accepted_on) if petition.accepted_on else "",
        heard=heard,
        investigated=investigated,
        copy_label="抄报",
        copy_to=f"{reply.remedy_unit or '上一级机关'}、{centre_name()}",
        **forwarded(petition, case),
    )


def refusal(petition: Petition, case: Case, refused: Refusal, today: date, *, last_word: str = "", last_number: str = "") -> Paper:
    """不予受理告知书, or 不再受理告知书 of a concluded matter: reason with article, remedy (条例§19③ §23 §36③).

    Number and date of the last word stand in the notice whatever the clerk's own text says (L-PET-70).
    """
    reason = codes.DECLINE_REASONS[refused.code]
    is_final = reason.kind == _NO_MORE
    return letter(
        "P07" if is_final else "P06",
        petition,
        case,
        today,
        word="不再受" if is_final else "不受",
        template="petitions/papers/refusal.html",
        reason=reason.name,
        law=cited(reason.law),
        decision=_NO_MORE if is_final else "不予受理",
        lines=lines_of(refused.words),
        remedy=sentence(refused.remedy),
        last_word=sentence(last_word) if last_word and not (last_number and last_number in refused.words) else "",
    )


def guidance(petition: Petition, case: Case, guided: Guidance, today: date) -> Paper:
    """依法导入其他途径告知书: which route, which organ, its limit (条例§31)."""
    routes = [
        {
            "name": route.name,
            "org": route.org,
            "how": route.how,
            "apply_within": route.apply_within,
            "limit": route.decided_within,
            "cites": route.cites,
        }
        for route in (codes.LAWFUL_ROUTES[code] for code in guided.routes)
    ]
    return letter(
        "P09",
        petition,
        case,
        today,
        word="导入",
        template="petitions/papers/guidance.html",
        routes=routes,
        lines=lines_of(guided.words) if not _repeats_routes(guided.words, routes) else [],
    )


def _repeats_routes(text: str, routes: list[dict[str, str]]) -> bool:
    """The wizard's proposal left as it was says what the letter's own list says."""
    return all(route["name"] in text and route["limit"] in text for route in routes) and len(lines_of(text)) <= len(routes) + 1
