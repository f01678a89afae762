"""Steps of 催办, 督办, 批示, 包案, 陪访代访 and the proposals of L-PET-93; and when the law's clock proposes a 督办 (L-PET-92)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.rules import NotAllowed, Step, Where
from organisations.roles import Role
from petitions.rules.actors import ENTRY, OPEN
from petitions.rules.states import State

#: Whatever became of the matter, short of a number given in error.
KNOWN = frozenset(State) - {State.VOIDED}
#: A unit has, or has had, the matter: what it leaves undone can be supervised, also after the case is closed (L-PET-10, L-PET-90).
SENT_OUT = KNOWN - {State.REGISTERED, State.RETURNED, State.PROPOSED}
#: Who may press on: the office and whoever stands above a unit.
PRESSING = frozenset({Role.OFFICE, Role.WINDOW_CLERK, Role.LEADER, Role.OVERSEER, Role.HEAD})
#: The office and its head decide what leaves the house as 督办.
DESK = frozenset({Role.OFFICE, Role.HEAD})
#: Who answers for a unit, whatever kind of unit it is. Which unit is in the row the act is about.
ANSWERING = frozenset({Role.HANDLER, Role.HEAD, Role.OFFICE, Role.OVERSEER, Role.VILLAGE_CADRE, Role.WINDOW_CLERK})

STEPS: dict[str, Step] = {
    "urge": Step("催办", OPEN, None, PRESSING, Where.ANY, "L-PET-05；条例§14", "催促责任单位按期办理，每次都计数"),
    "propose_supervision": Step(
        "提出督办",
        SENT_OUT,
        None,
        frozenset({Role.OFFICE, Role.LEADER, Role.OVERSEER, Role.HEAD}),
        Where.ANY,
        "条例§40①",
        "有应当督办的情形，写明问题，由中心确认后发出",
    ),
    "confirm_supervision": Step(
        "确认督办", SENT_OUT, None, DESK, Where.CENTRE, "条例§39③ §40①", "定督办情形、方式、要求和反馈期限；发函的出具督办函"
    ),
    "drop_supervision": Step("不予督办", SENT_OUT, None, DESK, Where.CENTRE, "条例§40①", "写明不督办的理由"),
    "reply_supervision": Step("反馈督办", SENT_OUT, None, ANSWERING, Where.ANY, "条例§40①", "被督办单位书面反馈办理情况"),
    "close_supervision": Step("督办办结", SENT_OUT, None, DESK, Where.CENTRE, "条例§40①", "督办的问题已经解决"),
    "return_supervision": Step("退回督办反馈", SENT_OUT, None, DESK, Where.CENTRE, "条例§40①", "反馈不到位，写明理由，按新的期限再反馈"),
    "give_instruction": Step(
        "作出批示",
        KNOWN,
        None,
        frozenset({Role.LEADER}),
        Where.ANY,
        "条例§18②；L-CLS-43",
        "写明批示意见、落实单位和反馈期限；只有领导、中心和落实单位看得到",
    ),
    "answer_instruction": Step("反馈批示落实", KNOWN, None, ANSWERING, Where.ANY, "条例§18②；L-CLS-43", "落实单位报告落实情况"),
    "acknowledge_instruction": Step("阅知落实情况", KNOWN, None, frozenset({Role.LEADER}), Where.ANY, "条例§18②；L-CLS-43", "作批示的领导阅知"),
    "record_reception": Step(
        "登记领导接访",
        OPEN,
        None,
        ENTRY | {Role.LEADER},
        Where.ANY,
        "条例§18②；L-CLS-43",
        "接访领导、方式、意见、责任单位和时限，出具领导接访记录",
    ),
    "sponsor": Step(
        "领导包案",
        KNOWN,
        None,
        frozenset({Role.OFFICE, Role.LEADER}),
        Where.ANY,
        "条例§18②；HALL-15；L-CLS-42",
        "包案领导、承办单位、协助的村（社区）和化解方案",
    ),
    "record_sponsor_work": Step(
        "记包案工作",
        KNOWN,
        None,
        ANSWERING | {Role.LEADER},
        Where.ANY,
        "条例§18②；HALL-15；L-CLS-42",
        "领导走访、单位办理、村（社区）预警，三方各记各的",
    ),
    "end_sponsorship": Step("结束包案", KNOWN, None, frozenset({Role.OFFICE, Role.LEADER}), Where.ANY, "条例§18②；HALL-15；L-CLS-42", "写明化解结果"),
    "accompany": Step("登记陪访代访", KNOWN, None, ENTRY | {Role.HEAD}, Where.ANY, "HALL-16", "陪同信访人或代其到上级机关反映"),
    "advise": Step(
        "提出建议",
        SENT_OUT,
        None,
        DESK,
        Where.CENTRE,
        "条例§40②–④；L-PET-93；HALL-18",
        "改进工作、完善政策、追究责任、表彰奖励，出具建议书，对方须书面反馈",
    ),
    "answer_advice": Step("反馈建议采纳情况", SENT_OUT, None, ANSWERING, Where.ANY, "条例§40④", "书面反馈是否采纳，出具反馈单"),
    "report_urgent": Step("重大紧急报告", KNOWN, None, ENTRY | {Role.HEAD}, Where.ANY, "条例§25", "及时报告，记下知悉、电话报告和书面报告的时间"),
}

#: What runs on after a case is closed, because somebody still owes an answer; a case given in error owes nothing.
LIMITS = ("pet.supervise_reply", "pet.supervise_set", "pet.instruction", "pet.sponsor", "pet.advice_reply", "pet.advice_set", "pet.follow_up")
#: advice_kinds: 追究责任建议 (L-PET-93).
BLAME = "3"
#: advice_kinds: 表彰奖励建议, a power of the centre and none of the three of 条例§40 (HALL-18, L-EVAL-8).
REWARD = "4"
#: What the history and the inbox call such a proposal: both are read by more people than the paper is.
BLAME_WORDS = "建议书（内容限单位负责人和纪检监察机关阅知）"
#: The terms of an answer to a proposal: by the setting, or to the date given.
ADVICE_LIMITS = ("pet.advice_reply", "pet.advice_set")
#: Channels of a leader's reception: the record is part of the registration (L-CLS-43).
RECEPTION_CHANNELS = ("701", "702")
#: Marks of the lists.
URGED, SUPERVISED, SPONSORED, URGENT = "urged", "supervised", "sponsored", "zdjjbz"
#: Beside URGED from the first urging that is told to the leaders on: what stands on their home.
URGED_OFTEN = "urged_often"
#: Every so many urgings the leaders are told (beyond.md 17).
URGINGS_TO_LEADER = 3
#: supervision_methods and supervision_reasons that the rules below name.
METHOD_LETTER = "02"
METHOD_ONLINE = "03"
METHOD_TALK = "04"
REASON_LATE, REASON_NO_FEEDBACK, REASON_UNHAPPY = "01", "02", "07"
#: L-PET-92: days over the limit → how the unit is pressed, hardest first.
OVERDUE_RUNGS = ((15, METHOD_TALK), (7, METHOD_LETTER), (1, METHOD_ONLINE))
#: L-PET-92: how often the person was not satisfied, and how often the matter came back.
DISSATISFIED_TO_LETTER = 2
REPEATS_TO_TALK = 3


@dataclass(frozen=True, slots=True)
class Trigger:
    """What the clock found on a case, as it is proposed. `rule` names the fact, so that it is proposed once."""

    rule: str
    reasons: tuple[str, ...]
    method: str
    words: str


def overdue(deadline_id: int, name: str, days: int, *, is_answer: bool) -> Trigger | None:
    """A duty of a unit is `days` late. `is_answer`: what is late is itself an answer to a 督办."""
    rung = next(((floor, method) for floor, method in OVERDUE_RUNGS if days >= floor), None)
    if rung is None:
        return None
    floor, method = rung
    reason = REASON_NO_FEEDBACK if is_answer else REASON_LATE
    return Trigger(f"overdue-{floor}:{deadline_id}", (reason,), method, f"“{name}”已超过期限 {days} 天。")


def dissatisfied(times: int) -> Trigger | None:
    """The person was told the result `times` times and was not satisfied with the unit."""
    if times < DISSATISFIED_TO_LETTER:
        return None
    return Trigger(f"dissatisfied:{times}", (REASON_UNHAPPY,), METHOD_LETTER, f"信访人对责任单位评价“不满意”已有 {times} 次。")


def repeated(root_id: int, times: int) -> Trigger | None:
    """The same matter was brought again `times` times."""
    if times < REPEATS_TO_TALK:
        return None
    return Trigger(f"repeat:{root_id}:{times}", (REASON_UNHAPPY,), METHOD_TALK, f"同一事项重复信访已有 {times} 次。")


def check_not_about_oneself(user_id: int, standing_for: int | None, handled_by: Set[int]) -> None:
    """Whom a proposal to hold somebody to account may be about does not answer it (条例§28③ §40③; L-PET-93). Raises NotAllowed."""
    if not handled_by.isdisjoint({user_id, standing_for}):
        raise NotAllowed(
            "追究责任建议不能由经办本事项的人反馈，请由本单位负责人反馈；负责人就是经办人的，由上一级单位负责人反馈。", code="recused", status=403
        )


def check_urgent_times(known: datetime, phoned: datetime | None, now: datetime) -> None:
    """Known, then told by telephone, then written: in this order and not in the future (条例§25). Raises NotAllowed."""
    if known > now:
        raise NotAllowed("知悉时间不能晚于现在。", code="future", status=422)
    if phoned is not None and not known <= phoned <= now:
        raise NotAllowed("电话报告应在知悉之后、现在之前。", code="phoned", status=422)


def took(span: timedelta) -> str:
    """«2 小时 10 分»: how long it took until it was reported."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分钟"
