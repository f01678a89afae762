"""Where the review chain of a petition stands: what may still be asked and until when, the ladder, the last word, open follow-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from casework.models import Case, Deadline, Document, Link
from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Unit
from organisations.scope import Scope
from petitions import codes
from petitions.models import FollowUp, Hearing, Petition, Point, Refusal, Reply, Review
from petitions.rules import STEPS, chain

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

#: Papers that carry a decision of the first round, newest counts.
DECISION_PAPERS = ("P11", "P06", "P12")


@dataclass(frozen=True, slots=True)
class Right:
    """What the person may ask for: which round, of which decision, until which day, of which body by the letter's own words."""

    round: int
    due_on: date
    decision_on: date
    reply: Reply
    review: Review | None
    organ_name: str

    @property
    def word(self) -> str:
        return chain.ROUNDS[self.round]

    @property
    def key(self) -> str:
        return chain.RIGHT_KEY[self.round]

    def is_late(self, filed_on: date) -> bool:
        return filed_on > self.due_on


def right_of(replies: Sequence[Reply], reviews: Sequence[Review], deadlines: Sequence[Deadline]) -> Right:
    """What may be asked next, read off the rows. Raises NotAllowed with why nothing may be."""
    reply = max((row for row in replies if row.approved_at is not None), key=lambda row: row.pk, default=None)
    if reply is None or reply.delivered_on is None:
        raise NotAllowed("本件还没有送达处理意见，不能申请复查。", code="not_delivered")
    counted = [row for row in reviews if row.rejected_on is None and row.withdrawn_on is None and row.of_reply_id == reply.pk]
    last = max(counted, key=lambda row: row.pk, default=None)
    if last is None:
        return _right(1, reply, None, reply.delivered_on, reply.remedy_unit, deadlines)
    if last.decided_at is None:
        raise NotAllowed(f"{last.get_round_display()}申请正在办理，不能重复申请。", code="running")
    if last.round == Review.Round.REREVIEW and last.conclusion != chain.REDO:
        raise NotAllowed("复核意见是信访终结意见，不能再申请（条例第三十六条）。以新的事实、理由提出的，请另行登记。", code="final")
    if last.conclusion == chain.REDO:
        raise NotAllowed("已责令重新办理，新的处理意见送达后才能再申请复查。", code="redo")
    if last.delivered_on is None:
        raise NotAllowed("复查意见还没有送达，不能申请复核。", code="not_delivered")
    return _right(2, reply, last, last.delivered_on, last.remedy_unit, deadlines)


def _right(round_no: int, reply: Reply, review: Review | None, decision_on: date, organ_name: str, deadlines: Sequence[Deadline]) -> Right:
    key = chain.RIGHT_KEY[round_no]
    found = max((row for row in deadlines if row.key == key and row.base_on == decision_on), key=lambda row: row.pk, default=None)
    if found is None:
        raise NotAllowed(f"本件的处理结果不适用{chain.ROUNDS[round_no]}程序。", code="no_right")
    return Right(round_no, found.due_on, decision_on, reply, review, organ_name)


def open_right(petition: Petition) -> Right:
    """The same from the database, three statements. Raises NotAllowed."""
    if petition.case.confidential:
        raise NotAllowed("检举控告事项依照纪检监察等有关规定处理，不适用复查、复核程序（条例第三十条）。", code="protected")
    return right_of(
        list(Reply.objects.filter(petition=petition)),
        list(Review.objects.filter(petition=petition)),
        list(Deadline.objects.filter(case=petition.case_id, key__in=chain.RIGHT_KEY.values())),
    )


@dataclass(frozen=True, slots=True)
class Organ:
    """A reviewing body: a unit of the county, or by name one outside."""

    unit_id: int | None
    name: str


def suggested_organ(original_id: int, letter_name: str) -> Organ:
    """The body the letter names; without one the next higher unit, at the top the county's government (条例§35 上一级).

    The centre stands in the tree over everybody and decides nothing (L-PET-04): it is passed over.
    """
    tree = directory.current()
    name = letter_name.strip()
    if name:
        named = next((unit for unit in tree.units.values() if name in (unit.name, unit.short_name) and unit.is_active), None)
        return Organ(named.id if named else None, named.name if named else name)
    higher = [unit_id for unit_id in tree.units[original_id].ancestor_ids if unit_id not in (original_id, tree.centre_id)]
    if higher:
        return Organ(higher[-1], tree.units[higher[-1]].name)
    government = next((unit for unit in tree.units.values() if _is_government(unit.name, unit.kind) and unit.is_active), None)
    if government is None or government.id == original_id:
        return Organ(None, "")
    return Organ(government.id, government.name)


def is_government(unit_id: int | None) -> bool:
    """Whether it is the county's government: above it stands nobody in the county."""
    unit = directory.current().units.get(unit_id) if unit_id is not None else None
    return unit is not None and _is_government(unit.name, unit.kind)


def _is_government(name: str, kind: str) -> bool:
    return kind == Unit.Kind.DEPARTMENT and name.endswith("人民政府")


def original_number(case: Case, review: Review | None) -> str:
    """The number of the opinion that is asked to be reviewed."""
    if review is not None:
        return review.document.number if review.document else review.outside_number
    paper = Document.objects.filter(case=case, paper__in=DECISION_PAPERS).order_by("-id").values_list("number", flat=True).first()
    return paper or ""


def blank_facts(petition: Petition) -> dict[str, str]:
    """What a blank application for review can say already. Raises NotAllowed where there is nothing to apply for."""
    right, tree, case = open_right(petition), directory.current(), petition.case
    return {
        "name": f"{right.word}申请书",
        "unit": tree.units[tree.centre_id].name if tree.centre_id else "",
        "asked": right.word,
        "applicant": case.subject,
        "case_number": case.number,
        "organ": suggested_organ(case.unit_id, right.organ_name).name,
        "original_unit": tree.units[case.unit_id].name,
        "original_number": original_number(case, right.review),
        "title": case.title,
    }


# -- the last word -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LastWord:
    """The opinion that closed a matter for good, as a notice of no more acceptance must cite it (L-PET-70)."""

    case_number: str
    title: str
    organ: str
    number: str
    on: date
    name: str
    concluded_on: date
    lapsed_word: str

    @property
    def sentence(self) -> str:
        """«该事项已由招远市人民政府于2026年5月1日作出××号复核意见»."""
        day = f"{self.on.year}年{self.on.month}月{self.on.day}日"
        end = f"，你未在规定期限内申请{self.lapsed_word}" if self.lapsed_word else ""
        return f"该事项已由{self.organ}于{day}作出{self.number}{self.name}{end}，信访程序已经终结"


def last_word(case: Case) -> LastWord | None:
    """The last word on the matter this case repeats, when that one is concluded (L-PET-11). Two statements, four when found."""
    earlier = Link.objects.filter(source=case, kind=Link.Kind.REPEAT, undone_at=None).values("target")
    petition = Petition.objects.filter(case__in=earlier, concluded_on__isnull=False).select_related("case__unit").order_by("-concluded_on").first()
    return None if petition is None else last_word_of(petition)


def last_word_of(petition: Petition) -> LastWord:
    """Of a concluded petition itself."""
    review = (
        Review.objects.filter(petition=petition, decided_at__isnull=False, rejected_on=None, withdrawn_on=None)
        .select_related("document")
        .order_by("-id")
        .first()
    )
    reply = Reply.objects.filter(petition=petition).exclude(approved_at=None).order_by("-id").first()
    case, concluded_on = petition.case, petition.concluded_on
    assert concluded_on is not None  # noqa: S101 (asked for above)
    if review is not None and reply is not None and review.of_reply_id == reply.pk:
        lapsed = "复核" if review.round == Review.Round.REVIEW else ""
        name = f"{review.get_round_display()}意见"
        return LastWord(
            case.number, case.title, review.organ_name, original_number(case, review), review.decided_on or concluded_on, name, concluded_on, lapsed
        )
    answered = timezone.localdate(reply.approved_at) if reply and reply.approved_at else concluded_on
    unit = directory.current().units[case.unit_id]
    return LastWord(case.number, case.title, unit.name, original_number(case, None), answered, "处理意见", concluded_on, "复查")


def earlier_open(case: Case) -> Case | None:
    """The matter in handling which this case repeats: the person is told its progress (L-PET-12). One statement."""
    link = (
        Link.objects.filter(source=case, kind=Link.Kind.REPEAT, undone_at=None, target__closed_at=None)
        .select_related("target__unit")
        .order_by("-id")
        .first()
    )
    return link.target if link else None


def repetition(petition: Petition, points: Iterable[Point]) -> float:
    """How far the points are those of the decision revoked last, 0 to 1 (L-PET-72). No statement on a matter never handled again."""
    if not petition.reopened:
        return 0.0
    revoked = (
        Review.objects.filter(petition=petition, conclusion=chain.REDO, decided_at__isnull=False)
        .order_by("-id")
        .values_list("revoked", flat=True)
        .first()
    )
    if not revoked:
        return 0.0
    again = [{"no": p.no, "support": p.support, "result": p.result, "ground": p.ground} for p in points]
    return chain.repetition(revoked, again)


def closes_for_good(code: str) -> bool:
    """A reason of `decline` that says «no more» (A2, B1)."""
    return code in codes.DECLINE_REASONS and codes.DECLINE_REASONS[code].kind == chain.NO_MORE


def ends_in_no_more(petition: Petition) -> bool:
    """The reply in force is a notice of no more acceptance: against it there is no review (条例§36③)."""
    code = Refusal.objects.filter(petition=petition, is_approved=True).order_by("-id").values_list("code", flat=True).first()
    return code is not None and closes_for_good(code)


# -- what the case page shows ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of 处理意见 → 复查 → 复核 → 终结: who said what when, by which paper, and what is possible until when."""

    label: str
    state: str
    organ: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    paper: Document | None = None
    note: str = ""


def ladder(held: CasePage, today: date) -> list[Rung]:
    """Decision by decision: one that was reviewed, or is the newest; empty before the first was signed.

    A decision that was revoked stays on the page with the review that revoked it, also while the second is being prepared.
    """
    signed = sorted((row for row in held.replies if row.approved_at is not None), key=lambda row: row.pk)
    letters = sorted((paper for paper in held.papers if paper.paper in DECISION_PAPERS), key=lambda paper: paper.pk)
    papers = {paper.pk: paper for paper in held.papers}
    unit = directory.current().units[_original_unit(held)].short_name
    rungs: list[Rung] = []
    for no, reply in enumerate(signed, start=1):
        asked = [row for row in held.reviews if row.of_reply_id == reply.pk]
        if not asked and no < len(signed):
            continue
        until = signed[no].approved_at if no < len(signed) else None
        letter = next((paper for paper in reversed(letters) if until is None or paper.issued_at < until), None)
        decided = (("答复", _day(timezone.localdate(reply.approved_at))), ("送达", _day(reply.delivered_on)))
        is_revoked = any(row.conclusion == chain.REDO and row.delivered_on for row in asked)
        state = "off" if is_revoked else "done" if reply.delivered_on else "now"
        rungs.append(Rung("处理意见", state, unit, _filled(decided), letter, "已被撤销" if is_revoked else ""))
        rungs += [_review_rung(held, row, papers.get(row.document_id or 0)) for row in asked]
    return rungs + _open_rungs(held, today) if rungs else []


def _original_unit(held: CasePage) -> int:
    return held.reviews[-1].original_unit_id if held.reviews else held.case.unit_id


def _review_rung(held: CasePage, row: Review, paper: Document | None) -> Rung:
    hearings = [h for h in held.hearings if h.review_id == row.pk]
    facts = [
        ("申请", _day(row.posted_on or row.received_on) + ("（邮寄）" if row.posted_on else "") + ("，网上提出" if row.is_online else "")),
        ("逾期理由", row.late_reason),
        ("受理", _day(row.accepted_on)),
        *(("听证", _hearing_words(hearing)) for hearing in hearings),
        ("结论", row.get_conclusion_display() if row.decided_on else ""),
        ("变更为", row.changed_to if row.decided_on else ""),
        ("重新办理期限", f"{row.redo_days} 日" if row.redo_days and row.decided_on else ""),
        ("作出", _day(row.decided_on)),
        ("文号", row.outside_number),
        ("送达", _day(row.delivered_on)),
    ]
    if row.rejected_on:
        facts.append(("不予受理", f"{_day(row.rejected_on)}，{row.rejected_words}"))
    if row.withdrawn_on:
        facts.append(("撤回", _day(row.withdrawn_on)))
    ended = row.delivered_on or row.rejected_on or row.withdrawn_on
    state = "off" if row.rejected_on or row.withdrawn_on else "done" if ended else "now"
    limit = next((d for d in held.deadlines if d.key == chain.LIMIT_KEY[row.round] and d.met_on is None and d.dropped_on is None), None)
    note = f"应在 {_day(limit.due_on)} 前作出意见" if limit and state == "now" and row.decided_on is None else ""
    return Rung(row.get_round_display(), state, row.organ_name, _filled(facts), paper, note)


def _hearing_words(hearing: Hearing) -> str:
    if hearing.is_held is None:
        return f"{_day(hearing.held_on)}{f' {hearing.begins_at:%H:%M}' if hearing.begins_at else ''}（已通知）"
    return f"{_day(hearing.held_on)}，{hearing.conclusion}" if hearing.is_held else f"{_day(hearing.held_on)}（未举行）"


def _open_rungs(held: CasePage, today: date) -> list[Rung]:
    """What may still be asked for, or the end of the chain."""
    concluded_on = held.petition.concluded_on
    if concluded_on is not None:
        return [
            Rung("三级终结", "done", "", (("终结", _day(concluded_on)),), None, "以同一事实和理由再提出的，不再受理；有新的事实、理由的，另行登记。")
        ]
    right = page_right(held)
    if right is None:
        return []
    if right.is_late(today):
        return [Rung(right.word, "off", note=f"申请期限已于 {_day(right.due_on)} 届满，没有申请")]
    organ = right.organ_name or suggested_organ(held.case.unit_id, "").name
    return [Rung(right.word, "todo", organ, note=f"信访人可在 {_day(right.due_on)} 前申请{right.word}，还有 {(right.due_on - today).days} 天")]


def _filled(facts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, words) for label, words in facts if words)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


# -- which acts the page offers --------------------------------------------------------------------------------------------------------------


def is_offered(code: str, held: CasePage, scope: Scope, today: date) -> bool:
    """What the action would refuse for a reason already on the page is not offered."""
    running = held.running_review
    match code:
        case "seek_review":
            return held.petition.concluded_on is None and page_right(held) is not None
        case "accept_review" | "redirect_review":
            return running is not None and running.accepted_on is None
        case "call_hearing":
            return not held.case.confidential and _called(held) is None
        case "record_hearing":
            return _called(held) is not None
        case "conclude":
            return held.petition.concluded_on is None and _has_lapsed(held, today)
        case "follow_up":
            return held.petition.concluded_on is not None
        case "finish_follow_up":
            return bool(own_follow_ups(held, scope))
        case "reopen":
            return held.petition.concluded_on is None
    return True


def page_right(held: CasePage) -> Right | None:
    """What the person may ask for, read off the page; None when nothing."""
    if held.case.confidential:
        return None
    try:
        return right_of(held.replies, held.reviews, held.deadlines)
    except NotAllowed:
        return None


def _has_lapsed(held: CasePage, today: date) -> bool:
    right = page_right(held)
    return right is not None and right.is_late(today)


def _called(held: CasePage) -> Hearing | None:
    return next((hearing for hearing in held.hearings if hearing.recorded_at is None), None)


def own_follow_ups(held: CasePage, scope: Scope) -> list[FollowUp]:
    """Follow-ups that wait for this person's unit."""
    roles = STEPS["finish_follow_up"].roles
    return [row for row in held.follow_ups if row.done_on is None and scope.holds(roles, row.unit_id) is not None]
