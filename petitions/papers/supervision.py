"""Papers between units: 催办单, 督办函, 建议书 and the answer to it, 领导接访记录, 包案登记表, 重大紧急信访信息报告 (P17…P20, P24…P26)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casework.documents import Paper
from casework.models import Case, Deadline, Party
from organisations import directory
from petitions import codes
from petitions.models import Advice, Petition, Reception, Sponsorship, SponsorVisit, Supervision, UrgentReport, Urging
from petitions.papers.letter import day_words, letter, lines_of, sentence
from petitions.rules.supervision import REWARD


def urging(petition: Petition, case: Case, row: Urging, today: date, *, by: str) -> Paper:
    """催办单: which time it is, what is late or near, what is asked (L-PET-05)."""
    return _between(
        "P18",
        petition,
        case,
        today,
        to_unit_id=row.unit_id,
        word="催",
        template="petitions/papers/urging.html",
        times=case.urged,
        words=sentence(row.words),
        limit=_limit_words(case, row.unit_id, today),
        by=by,
    )


def supervision_letter(petition: Petition, case: Case, row: Supervision, today: date) -> Paper:
    """督办函: matter, trigger, requirement, term, contact (L-PET-70, appendix F7)."""
    return _between(
        "P17",
        petition,
        case,
        today,
        to_unit_id=row.unit_id,
        word="督",
        template="petitions/papers/supervision.html",
        limit=_limit_words(case, row.unit_id, today),
        reasons=reason_words(row.reasons),
        facts=sentence(row.words),
        requirement=row.requirement.rstrip("。；; "),
        due_on=day_words(row.due_on) if row.due_on else "",
    )


def advice_letter(petition: Petition, case: Case, row: Advice, today: date) -> Paper:
    """建议书: which kind, facts, proposal, until when to answer in writing (条例§40, L-PET-70)."""
    return _between(
        "P19",
        petition,
        case,
        today,
        to_unit_id=row.unit_id,
        word="建",
        template="petitions/papers/advice.html",
        kind=codes.ADVICE_KINDS[row.kind].name,
        facts=lines_of(row.facts),
        lines=lines_of(row.words),
        due_on=day_words(row.due_on),
        is_reward=row.kind == REWARD,
    )


def advice_answer(petition: Petition, case: Case, row: Advice, today: date, *, unit_id: int) -> Paper:
    """建议采纳情况反馈: the paper of the unit that answers, to the office that proposed (条例§40④)."""
    tree = directory.current()
    return letter(
        "P20",
        petition,
        case,
        today,
        word="反馈",
        template="petitions/papers/advice_answer.html",
        unit_id=unit_id,
        addressee=tree.units[tree.centre_id or row.unit_id].name,
        query_code="",
        kind=codes.ADVICE_KINDS[row.kind].name,
        cited=row.document.number if row.document else "",
        proposed=lines_of(row.words),
        is_adopted=bool(row.is_adopted),
        lines=lines_of(row.reply),
    )


def reception_record(petition: Petition, case: Case, row: Reception, leader: str, today: date) -> Paper:
    """领导接访记录: leader, post, time, place, visitor, matter, opinion, responsible unit, term (L-PET-70)."""
    people = Party.objects.filter(case=case, position__in=["petitioner", "representative"])
    return letter(
        "P24",
        petition,
        case,
        today,
        word="接访",
        template="petitions/papers/reception.html",
        unit_id=directory.current().centre_id,
        query_code="",
        leader=leader,
        post=row.post,
        mode=codes.RECEPTION_MODES[row.mode].name,
        on=day_words(row.on),
        place=row.place,
        visitors="、".join(person.name for person in people) or "匿名",
        headcount=case.headcount,
        story=lines_of(petition.story),
        opinion=lines_of(row.opinion),
        responsible=_name(row.unit_id),
        due_on=day_words(row.due_on) if row.due_on else "",
    )


def sponsorship_form(petition: Petition, case: Case, row: Sponsorship, leader: str, visits: Iterable[SponsorVisit], today: date) -> Paper:
    """领导包案登记表: the three parties, the four guarantees, plan and period; at the end the records and the result (L-CLS-42)."""
    return letter(
        "P25",
        petition,
        case,
        today,
        word="包案",
        template="petitions/papers/sponsorship.html",
        unit_id=directory.current().centre_id,
        query_code="",
        subject=case.subject,
        leader=leader,
        undertaking=_name(row.undertaking_unit_id),
        assisting=_name(row.assisting_unit_id),
        guarantees=[codes.FOUR_GUARANTEES[code].name for code in row.guarantees],
        plan=lines_of(row.plan),
        from_on=day_words(row.from_on),
        until_on=day_words(row.until_on),
        visits=[
            {"on": day_words(visit.on), "kind": visit.get_kind_display(), "party": _name(visit.unit_id) or leader, "words": sentence(visit.words)}
            for visit in visits
        ],
        result=lines_of(row.result),
    )


def urgent_report(petition: Petition, case: Case, row: UrgentReport, reporter: str, today: date) -> Paper:
    """重大紧急信访信息报告, line by line as appendix F12 has it (条例§25)."""
    return letter(
        "P26",
        petition,
        case,
        today,
        word="急报",
        template="petitions/papers/urgent.html",
        unit_id=row.unit_id,
        query_code="",
        urgency="特急",
        addressee=row.recipients,
        recipients=row.recipients,
        known_at=_moment_words(row.known_at),
        phoned_at=_moment_words(row.phoned_at) if row.phoned_at else "",
        written_at=_moment_words(row.at),
        happened=row.happened,
        batches=row.batches,
        people=row.people,
        demands=sentence(row.demands),
        scene=sentence(row.scene),
        measures=sentence(row.measures),
        needs=sentence(row.needs) if row.needs.strip() else "无",
        reporter=reporter,
        phone=row.phone,
    )


def method_words(code: str) -> str:
    return codes.SUPERVISION_METHODS.label(code)


def reason_words(reasons: Iterable[str]) -> str:
    return "；".join(codes.SUPERVISION_REASONS.label(code) for code in reasons)


def _between(code: str, petition: Petition, case: Case, today: date, *, to_unit_id: int, word: str, template: str, **more: Any) -> Paper:
    """A letter of the centre to a unit: the matter by number and title, nobody's query code, a contact to ask back."""
    tree = directory.current()
    centre = tree.units[tree.centre_id or case.unit_id]
    contact = f"联系单位：{centre.name}" + (f"，电话：{centre.phone}" if centre.phone else "")
    context: dict[str, Any] = {"addressee": tree.units[to_unit_id].name, "query_code": "", "contact_line": f"（{contact}）", **more}
    return letter(code, petition, case, today, word=word, template=template, unit_id=centre.id, **context)


def _limit_words(case: Case, unit_id: int, today: date) -> str:
    """«“办结”的期限为2026年5月1日，已超过 12 天» of the unit's nearest running duty; empty when none runs."""
    running = Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None, suspended_on=None).exclude(
        key__startswith="pet.supervise"
    )
    nearest = running.filter(unit=unit_id).order_by("due_on").first()
    if nearest is None:
        return ""
    late = (today - nearest.due_on).days
    words = f"已超过 {late} 天" if late > 0 else "今日到期" if late == 0 else f"还有 {-late} 天"
    return f"“{nearest.name}”的期限为{day_words(nearest.due_on)}，{words}"


def _name(unit_id: int | None) -> str:
    facts = directory.current().units.get(unit_id or 0)
    return facts.name if facts else ""


def _moment_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{day_words(local.date())}{local.hour}时{local.minute:02d}分"
