"""The review chain's own checks: which body, within which time, by whom, and that a second decision is a new one. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.rules import NotAllowed, Outcome

ROUNDS = {1: "复查", 2: "复核"}
#: review_conclusions (条例§35 §36).
UPHELD, CHANGED, REDO, REJECTED, ENDED = "1", "2", "3", "4", "5"
#: What an organ of the county decides by signing; the other two have acts of their own.
OPINIONS = (UPHELD, CHANGED, REDO)
#: The key of the right, of the organ's limit, and what the limit of the next right counts from, by round.
RIGHT_KEY = {1: "pet.review_apply", 2: "pet.rereview_apply"}
LIMIT_KEY = {1: "pet.review", 2: "pet.rereview"}
#: All duties of a reviewing organ.
ORGAN_LIMITS = ("pet.review", "pet.rereview", "pet.review_reject")
#: A panel is a chair and at least two members, told at least seven days before (L-PET-65).
MIN_PANEL, HEARING_NOTICE_DAYS = 2, 7
#: Longest term for doing it again: as long as doing it the first time (条例§34). Days.
MOST_REDO_DAYS = 60
#: A reason is given in words. Characters.
MIN_REASON = 4
#: From which likeness (0 to 1) a second decision is the revoked one again, and from which it must say what is new (L-PET-72).
SAME, ALIKE = 0.92, 0.7
#: Reasons that close a matter for good (decline_reasons.kind).
NO_MORE = "不再受理"


@dataclass(frozen=True, slots=True)
class Application:
    """A request for review as facts. `filed_on` is the day of posting where it was posted (L-TIME-8)."""

    received_on: date
    posted_on: date | None
    late_reason: str

    @property
    def filed_on(self) -> date:
        return self.posted_on or self.received_on


def check_application(asked: Application, *, round_no: int, decision_on: date, due_on: date, today: date) -> None:
    """Within the term or with a stated reason; dates in order (条例§35 §36, L-TIME-8). Raises NotAllowed."""
    word = ROUNDS[round_no]
    if asked.received_on > today:
        raise NotAllowed("收到申请的日期不能晚于今天。", code="future", status=422)
    if asked.posted_on is not None and asked.posted_on > asked.received_on:
        raise NotAllowed("交邮日期不能晚于收到申请的日期。", code="posted_date", status=422)
    if asked.filed_on < decision_on:
        raise NotAllowed("申请日期不能早于信访人收到意见书的日期。", code="before_decision", status=422)
    if asked.filed_on > due_on and len(asked.late_reason.strip()) < MIN_REASON:
        raise NotAllowed(
            f"申请{word}的期限已于 {due_on.year}年{due_on.month}月{due_on.day}日 届满（条例第{'三十五' if round_no == 1 else '三十六'}条）。"
            "确有正当理由的，请写明逾期理由，由受理机关决定。",
            code="too_late",
            status=422,
        )


def check_organ(
    *,
    organ_id: int | None,
    organ_name: str,
    original_id: int,
    original_name: str,
    earlier_id: int | None,
    earlier_name: str,
    centre_id: int | None,
    organ_ancestors: Collection[int],
    is_of_government: bool = False,
) -> None:
    """The higher body: not the one whose decision it is, none below it, not the one that decided before, not the centre. Raises NotAllowed.

    `is_of_government`: the decision is that of the county's government, over which no body of the county stands.
    Everybody stands below the centre in the tree; its own refusals go to the government of its level all the same (条例§35).
    """
    if organ_id is None and not organ_name.strip():
        raise NotAllowed("请选择复查（复核）机关，县外的写明名称。", code="organ_needed", status=422)
    if (organ_id is not None and organ_id == original_id) or organ_name.strip() == original_name:
        raise NotAllowed("复查（复核）机关应是原办理机关的上一级，不能是原办理机关自己。", code="same_organ", status=422)
    if organ_id is not None and original_id != centre_id and original_id in organ_ancestors:
        raise NotAllowed("复查（复核）机关应是原办理机关的上一级，不能是它的下级。", code="lower_organ", status=422)
    if (organ_id is not None and organ_id == earlier_id) or (earlier_name and organ_name.strip() == earlier_name):
        raise NotAllowed("复核机关应是复查机关的上一级，不能是复查机关自己。", code="same_organ", status=422)
    if organ_id is not None and earlier_id is not None and earlier_id != centre_id and earlier_id in organ_ancestors:
        raise NotAllowed("复核机关应是复查机关的上一级，不能是它的下级。", code="lower_organ", status=422)
    if organ_id is not None and organ_id == centre_id:
        raise NotAllowed("县中心不作复查、复核，请选择有权机关。", code="centre_decides_nothing", status=422)
    if organ_id is not None and is_of_government:
        raise NotAllowed("原意见是本级人民政府作出的，上一级机关在县外，请写明县外机关的名称。", code="lower_organ", status=422)


def check_not_involved(user_id: int, standing_for: int | None, involved: Collection[int | None]) -> None:
    """Who prepared or signed what is reviewed does not review it (条例§28③). Raises NotAllowed."""
    if user_id in involved or (standing_for is not None and standing_for in involved):
        raise NotAllowed("您经办或审签过原意见，应当回避，请由其他人员办理。", code="recused", status=403)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a review opinion says, as facts."""

    round_no: int
    conclusion: str
    facts: str
    words: str
    changed_to: str
    outcome: str
    redo_days: int | None
    remedy_unit: str


def check_opinion(opinion: Opinion) -> None:
    """Complete for its conclusion (F6, L-PET-70). Raises NotAllowed."""
    if opinion.conclusion not in OPINIONS:
        raise NotAllowed("请选择结论：维持、变更，或者撤销并责令重新办理。", code="conclusion", status=422)
    if min(len(opinion.facts.strip()), len(opinion.words.strip())) < MIN_REASON:
        raise NotAllowed("请写明查明的事实、理由和依据。", code="words_needed", status=422)
    if opinion.conclusion == CHANGED and len(opinion.changed_to.strip()) < MIN_REASON:
        raise NotAllowed("变更原意见的，请写明变更后的意见。", code="changed_needed", status=422)
    if opinion.outcome and opinion.outcome not in (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.REFUSED):
        raise NotAllowed("请选择变更后的办理结果。", code="outcome", status=422)
    if opinion.conclusion == REDO and not 1 <= (opinion.redo_days or 0) <= MOST_REDO_DAYS:
        raise NotAllowed(f"责令重新办理的，请写明期限，1至{MOST_REDO_DAYS}日。", code="redo_days", status=422)
    if opinion.round_no == 1 and opinion.conclusion != REDO and not opinion.remedy_unit.strip():
        raise NotAllowed("复查意见书应告知向哪个机关申请复核，请写明复核机关。", code="remedy_needed", status=422)


def check_panel(*, chair: str, panel: Sequence[str], held_on: date, today: date, involved: Collection[str]) -> None:
    """A chair and two members at least, told seven days before, none of whom had a hand in it (L-PET-65). Raises NotAllowed."""
    members = [name for name in panel if name]
    if not chair.strip() or len(set(members) - {chair.strip()}) < MIN_PANEL:
        raise NotAllowed(f"听证组由主持人和不少于{MIN_PANEL}名听证员组成，请写明姓名。", code="panel", status=422)
    touched = sorted({chair.strip(), *members} & set(involved))
    if touched:
        raise NotAllowed(f"{'、'.join(touched)}经办过本件，不能作为主持人或听证员。", code="recused", status=422)
    if (held_on - today).days < HEARING_NOTICE_DAYS:
        raise NotAllowed(f"听证须提前{HEARING_NOTICE_DAYS}日通知，听证日期最早为 {HEARING_NOTICE_DAYS} 天以后。", code="too_soon", status=422)


# -- a second decision is a new one (L-PET-72) -----------------------------------------------------------------------------------------------

_NOISE = re.compile(r"[\W_]+")


def likeness(first: str, second: str) -> float:
    """How alike two texts are, 0 to 1: shared pairs of neighbouring characters, punctuation and width of characters aside."""
    one, two = _pairs(first), _pairs(second)
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 1.0


def _pairs(text: str) -> Counter[str]:
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1)) if len(plain) > 1 else Counter([plain] if plain else [])


def repetition(revoked: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]]) -> float:
    """How far the new points are the revoked ones again: the least alike point decides; another opinion on any point counts as new,
    if anything was written for it: another box ticked above unchanged words decides nothing anew (L-PET-72).
    """
    before = {point["no"]: point for point in revoked}
    likenesses = []
    for point in again:
        old = before.get(point["no"])
        if old is None:
            return 0.0
        alike = likeness(f"{old['result']}{old['ground']}", f"{point['result']}{point['ground']}")
        if old["support"] != point["support"] and alike < 1:
            return 0.0
        likenesses.append(alike)
    return min(likenesses, default=0.0)


def check_not_repeated(share: float) -> None:
    """Same facts, same reasons, same result: that was revoked. Raises NotAllowed."""
    if share >= SAME:
        raise NotAllowed(
            "各项诉求的处理意见、事实和依据与被撤销的原意见相同或基本相同，不能再以同一事实和理由作出（责令重新办理）。请重新调查核实后修改处理结果和依据。",
            code="repeats_revoked",
        )


def check_says_what_is_new(share: float, words: str) -> None:
    """A decision close to the revoked one is signed only with what is new in it. Raises NotAllowed."""
    if share >= ALIKE and len(words.strip()) < 2 * MIN_REASON:
        raise NotAllowed("新的处理意见与被撤销的原意见相近，请在审签意见中写明新查明的事实或者新的依据。", code="new_needed", status=422)
