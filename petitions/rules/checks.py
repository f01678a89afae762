"""What must be true before an act, as plain facts in and a refusal out; and the numbers the law gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import models

from casework.rules import NotAllowed, Outcome

#: Purposes whose cases are protected (检举控告, L-PET-85/86).
PROTECTED_PURPOSES = frozenset({"03"})
#: Purposes that may be answered on the spot (L-SIM-2 ②: consultation, suggestion, thanks; and 立即办).
SPOT_PURPOSES = frozenset({"04", "05", "06", "99", "01", "02"})
#: Law class 建议意见 has its own limit (条例§29); everything else runs by pet.handle.
SUGGESTION_PURPOSES = frozenset({"04", "05", "06"})
#: The matter must have been heard and investigated before a decision (§31(六), L-PET-61).
INQUIRY_PURPOSES = frozenset({"01", "02", "03", "99"})


class FeedbackWay(models.TextChoices):
    PHONE = "phone", "电话回访"
    DESK = "desk", "当面"
    VISIT = "visit", "上门"
    ONLINE = "online", "网上"


class Mode(StrEnum):
    """The four answers of HALL-2 (petition_hall_modes)."""

    IMMEDIATE = "LJB"
    PROMISED = "CNB"
    PROXY = "DLB"
    JOINT = "LDB"


#: Reopening after the case is closed is asked by the petitioner; feedback may be recorded again before closing.
OUTCOMES_OF_REPLY = (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.REFUSED)

#: L-PET-76: representatives of a group; the others are counted. L-CLS-34: from how many a visit is a group visit.
MAX_REPRESENTATIVES = 5
GROUP_FROM = 5
#: Flags that lists show as tags.
FLAG_MARKS = frozenset({"yybz", "zdjjbz", "lmbz", "sfssbz", "sqbz", "jabz"})
#: How far back the repeat check looks (L-PET-39).
REPEAT_YEARS = 3
#: Hearing and investigating take at least two officers (L-PET-61).
MIN_OFFICERS = 2
#: delivery_methods by post and by public notice, and how long a notice hangs (L-PET-73).
POSTED, ANNOUNCED, ANNOUNCEMENT_DAYS = "4", "6", 30
#: A refusal gives its reason in words, not in a shrug (L-PET-51). Characters.
MIN_GROUND = 4
#: Acts that can be taken back within moments.
UNDOABLE = frozenset({"route", "designate", "note"})
#: The lowest of the three levels of L-CLS-23.
DISSATISFIED = "3"


@dataclass(frozen=True, slots=True)
class Decision:
    """What must be true before a reply may go out, as facts."""

    purpose: str
    has_heard: bool
    has_investigated: bool
    unanswered_points: tuple[int, ...]
    open_tasks: int


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that must be done before the decision, and the act that does it."""

    code: str
    sentence: str
    act: str


def missing_before_decision(facts: Decision) -> list[Missing]:
    """Heard, investigated, every point answered, every task confirmed (L-PET-61, HALL-2): what of it is not there yet."""
    found = []
    if facts.purpose in INQUIRY_PURPOSES and not facts.has_heard:
        found.append(Missing("not_heard", "还没有记录听取信访人陈述，不能出具处理意见（条例第三十一条）。", "hear"))
    if facts.purpose in INQUIRY_PURPOSES and not facts.has_investigated:
        found.append(Missing("not_investigated", "还没有记录调查核实情况，不能出具处理意见（条例第三十一条）。", "investigate"))
    if facts.unanswered_points:
        numbers = "、".join(str(n) for n in facts.unanswered_points)
        found.append(Missing("points_open", f"第 {numbers} 项诉求还没有写处理意见、结果和依据，不能答复。", "answer_point"))
    if facts.open_tasks:
        found.append(Missing("tasks_open", f"联动办还有 {facts.open_tasks} 项协办任务没有反馈或者没有确认，不能答复。", "confirm_task"))
    return found


def check_can_decide(facts: Decision) -> None:
    """Nothing is missing before the decision. Raises NotAllowed with the first that is."""
    for missing in missing_before_decision(facts):
        raise NotAllowed(missing.sentence, code=missing.code)


def check_ground(words: str, what: str) -> None:
    """A ground is given in words: papers, precedents and other units read it. Raises NotAllowed."""
    if len(words.strip()) < MIN_GROUND:
        raise NotAllowed(f"请写明{what}（不少于{MIN_GROUND}个字）。", code="ground_needed", status=422)


def check_mode(mode: str, *, today: date, promised_on: date | None, has_agent: bool, consent: str, task_count: int) -> None:
    """The four ways of handling and what each needs (HALL-2). Raises NotAllowed."""
    if mode not in list(Mode):
        raise NotAllowed("办理方式只有立即办、承诺办、代理办、联动办，请重新选择。", code="mode_unknown", status=422)
    if mode in (Mode.PROMISED, Mode.PROXY) and promised_on is None:
        raise NotAllowed("承诺办、代理办须写明承诺日期。", code="promise_needed", status=422)
    if promised_on is not None and promised_on < today:
        raise NotAllowed("承诺日期不能早于今天。", code="promise_past", status=422)
    if mode == Mode.PROXY and not has_agent:
        raise NotAllowed("代理办须写明代办人。", code="agent_needed", status=422)
    if mode == Mode.PROXY and len(consent.strip()) < 2:
        raise NotAllowed("代理办须记录群众同意代办的情况。", code="consent_needed", status=422)
    if mode == Mode.JOINT and task_count < 1:
        raise NotAllowed("联动办至少要有一个协办单位的任务。", code="tasks_needed", status=422)


def check_delivery(method: str, *, today: date, answered_on: date, posted_on: date | None, delivered_on: date) -> None:
    """The date each way of delivery fixes (L-PET-73, L-TIME-8); it starts the 30 days of review. Raises NotAllowed."""
    if delivered_on > today or delivered_on < answered_on:
        raise NotAllowed("送达日期不早于答复那天，不晚于今天。", code="delivery_date", status=422)
    if method in (POSTED, ANNOUNCED) and posted_on is None:
        raise NotAllowed("邮寄的写明交邮日期，公告的写明公告日期。", code="posted_needed", status=422)
    if posted_on is not None and not answered_on <= posted_on <= delivered_on:
        raise NotAllowed("交邮、公告日期应在答复之后、送达之前。", code="posted_date", status=422)
    if method == ANNOUNCED and posted_on is not None and (delivered_on - posted_on).days < ANNOUNCEMENT_DAYS:
        raise NotAllowed(f"公告满{ANNOUNCEMENT_DAYS}日才视为送达。", code="announcement", status=422)


def check_recusal(*, handler_name: str, respondent_name: str) -> None:
    """A person complained about does not handle the complaint (条例§28③, L-PET-46). Raises NotAllowed."""
    if respondent_name and handler_name == respondent_name:
        raise NotAllowed("该工作人员不可承办本件。", code="recused", status=403)


def check_closable(*, has_reply: bool, has_feedback: bool, open_tasks: int) -> None:
    """No case closes without reply and feedback, nor with a task open (HALL-1, HALL-2). Raises NotAllowed."""
    if not has_reply:
        raise NotAllowed("没有答复记录，不能办结。", code="no_reply")
    if not has_feedback:
        raise NotAllowed("没有向信访人反馈的记录，不能办结。", code="no_feedback")
    if open_tasks:
        raise NotAllowed(f"还有 {open_tasks} 项协办任务未确认，不能办结。", code="tasks_open")


def objection_goes_to_desk(earlier_returns: int) -> bool:
    """The second return of the same case is not sent round again: the coordination desk decides (opening 5)."""
    return earlier_returns >= 1
