"""Steps that move a limit, and what must be true for them: extension, suspension, the simple procedure and its conversion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casework.rules import NotAllowed, Step, Where, local_date
from petitions.rules.actors import HEAD, UNIT
from petitions.rules.checks import GROUP_FROM, PROTECTED_PURPOSES, SUGGESTION_PURPOSES, Mode, check_ground
from petitions.rules.states import State

#: An extension that was asked for may be decided in these states: the reply may have gone to the head meanwhile.
WHILE_ASKED = frozenset({State.ACCEPTED, State.UNDER_APPROVAL})
#: Marks the lists show.
EXTENSION_ASKED, EXTENDED, SIMPLE, SIMPLE_LATE = "extend_asked", "extended", "simple", "simple_late"
#: The matter's own clock: 条例§34 for what is asked for, the county's own rule for suggestions.
HANDLE, SUGGEST = "pet.handle", "pet.suggest"
EXTENDABLE = frozenset({HANDLE, SUGGEST})

STEPS: dict[str, Step] = {
    "ask_extension": Step(
        "申请延期",
        frozenset({State.ACCEPTED}),
        None,
        UNIT,
        Where.HOLDER,
        "条例§34；L-PET-21",
        "情况复杂、不能按期办结的，届满前申请，只能延长一次",
    ),
    "approve_extension": Step(
        "批准延期", WHILE_ASKED, None, HEAD, Where.HOLDER, "条例§34；L-PET-22", "届满前由申请人以外的负责人批准，告知信访人延期理由"
    ),
    "refuse_extension": Step("不同意延期", WHILE_ASKED, None, HEAD, Where.HOLDER, "条例§34；L-PET-22", "不同意的，仍按原期限办结"),
    "suspend": Step(
        "中止办理",
        frozenset({State.ACCEPTED}),
        State.SUSPENDED,
        HEAD,
        Where.HOLDER,
        "条例§31；L-TIME-7",
        "须等待外部结果才能办理的，中止期间期限停止计算，书面告知信访人",
    ),
    "resume": Step(
        "恢复办理",
        frozenset({State.SUSPENDED}),
        State.ACCEPTED,
        UNIT,
        Where.HOLDER,
        "条例§31；L-TIME-7",
        "中止的原因消除，期限接着计算，书面告知信访人",
        primary=True,
    ),
    "set_expected": Step(
        "调整预计恢复日期",
        frozenset({State.SUSPENDED}),
        None,
        HEAD,
        Where.HOLDER,
        "条例§31；L-TIME-7",
        "外部结果推迟或提前的，写明原因，改定再查看的日期；期限仍然中止",
    ),
    "accept_simple": Step(
        "简易受理",
        frozenset({State.SIGNED}),
        State.SIMPLE,
        UNIT,
        Where.HOLDER,
        "简易§4 §5；L-SIM-1",
        "初次信访、事实清楚、争议不大的，收到后3个工作日内决定，受理后10个工作日内答复",
    ),
    "answer_simple": Step(
        "简易答复",
        frozenset({State.SIMPLE}),
        State.DELIVERED,
        UNIT,
        Where.HOLDER,
        "简易§4；L-SIM-5",
        "口头、电话、短信、网上或书面答复，逐项写明结果和依据，记下时间、方式、号码和人",
        primary=True,
    ),
    "convert": Step(
        "转为普通程序",
        frozenset({State.SIMPLE}),
        State.ACCEPTED,
        HEAD,
        Where.HOLDER,
        "条例§34；L-SIM-6",
        "不能按简易程序办结的，由单位负责人批准转为普通程序；60日从原受理之日起算，告知信访人",
    ),
}


def handling_key(purpose: str) -> str:
    """Which limit is the matter's own: suggestions have no legal one, the county sets it (条例§29 §34)."""
    return SUGGEST if purpose in SUGGESTION_PURPOSES else HANDLE


# -- extension -----------------------------------------------------------------------------------------------------------------------------


def check_extendable(key: str, name: str) -> None:
    """Only the handling limit knows an extension (L-PET-23). Raises NotAllowed with the law's sentence."""
    if key not in EXTENDABLE:
        raise NotAllowed(
            f"“{name}”不能延期：《信访工作条例》只规定办理期限可以延长（第三十四条），"
            "对告知（15日）、异议（5个工作日）、复查复核（30日）等期限没有规定延期（第二十二条至第三十六条）。",
            code="no_extension",
        )


def check_extension_in_time(today: date, due_on: date, act: str) -> None:
    """On the last day still, for it ends at 24:00 (L-TIME-4); afterwards never (L-PET-22). Raises NotAllowed."""
    if today > due_on:
        raise NotAllowed(
            f"原期限已于{due_on:%Y年%-m月%-d日}届满，届满以后不能再{act}延期：延期须在原期限届满前批准（条例第三十四条）。"
            "本件按超期统计，请尽快办结。",
            code="extended_late",
        )


def check_days(days: int, most: int) -> None:
    """One to thirty days in all, may be fewer (L-PET-21). Raises NotAllowed."""
    if not 1 <= days <= most:
        raise NotAllowed(f"延长期限不得超过{most}日（条例第三十四条），请填 1 至 {most}。", code="too_long", status=422)


# -- suspension ----------------------------------------------------------------------------------------------------------------------------


def check_suspension(*, words: str, evidence: str, today: date, expected_until_on: date) -> None:
    """A ground in words, what proves it, and until when: a matter that waits is looked at again. Raises NotAllowed."""
    check_ground(words, "中止的具体情况")
    if not evidence.strip():
        raise NotAllowed("请写明依据材料，如法院受理通知书、鉴定委托书、与信访人的通话记录。", code="evidence_needed", status=422)
    if expected_until_on <= today:
        raise NotAllowed("预计恢复日期应在今天以后；到期没有恢复的，系统会提醒。", code="expected_past", status=422)


def check_expected(*, words: str, today: date, was_on: date | None, until_on: date) -> None:
    """Another date after today, and why. Raises NotAllowed."""
    if until_on <= today:
        raise NotAllowed("预计恢复日期应在今天以后；原因已经消除的，请恢复办理。", code="expected_past", status=422)
    if until_on == was_on:
        raise NotAllowed(f"预计恢复日期已经是{until_on:%-m月%-d日}，没有改动。", code="nothing_changed", status=422)
    check_ground(words, "调整的原因")


# -- the simple procedure ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SimpleFacts:
    """What the system knows of a matter that the rules on the simple procedure ask for."""

    purpose: str
    marks: frozenset[str]
    flags: frozenset[str]
    is_assigned: bool
    is_reopened: bool
    mode: str
    task_count: int
    headcount: int


def why_not_simple(facts: SimpleFacts) -> str:
    """The sentence of the exclusion that stands against the simple procedure, or "" (L-SIM-1, L-SIM-3)."""
    if facts.purpose in PROTECTED_PURPOSES:
        return "检举控告事项由纪检监察机关依规依纪依法处理，不适用简易办理（条例第三十条）。"
    if "repeat" in facts.marks or facts.is_reopened:
        return "简易办理只适用于初次信访事项（简易办理办法第四条），本件是重复信访或重新办理的事项。"
    if facts.is_assigned:
        return "上级信访机构或者机关交办的信访事项，不适用简易办理（简易办理办法第五条第一项），本件是交办件。"
    if "sfssbz" in facts.flags:
        return "已进入或者依法可以通过法定程序处理的，不适用简易办理（简易办理办法第五条第三项），本件标明涉法涉诉。"
    if facts.mode == Mode.JOINT or facts.task_count:
        return "涉及多个责任主体的，不适用简易办理（简易办理办法第五条第四项），本件是联动办。"
    if facts.headcount >= GROUP_FROM or "lmbz" in facts.flags:
        return "集体联名的，不适用简易办理（简易办理办法第五条第四项），本件是集体访或联名信。"
    if "zdjjbz" in facts.flags:
        return "重大复杂疑难的，不适用简易办理（简易办理办法第五条第四项），本件标明重大紧急。"
    return ""


def check_simple(facts: SimpleFacts, *, is_supportable: bool, is_outside_procedures: bool) -> None:
    """What the system knows and what the clerk states (L-SIM-3 ② ③). Raises NotAllowed with the exact exclusion."""
    against = why_not_simple(facts)
    if against:
        raise NotAllowed(against, code="not_simple")
    if not is_supportable:
        raise NotAllowed(
            "可能对诉求不予支持的，不适用简易办理（简易办理办法第五条第二项），请按普通程序受理。", code="not_simple_disputed", status=422
        )
    if not is_outside_procedures:
        raise NotAllowed(
            "已进入或者依法可以通过法定行政程序处理的，不适用简易办理（简易办理办法第五条第三项），请引导至法定途径或按普通程序受理。",
            code="not_simple_procedure",
            status=422,
        )


def check_simple_in_time(today: date, until_on: date) -> None:
    """The decision for the simple way is made within three working days of receipt (L-SIM-4). Raises NotAllowed."""
    if today > until_on:
        raise NotAllowed(f"决定简易受理的3个工作日已于{until_on:%-m月%-d日}届满，请按普通程序受理（简易办理办法）。", code="simple_too_late")


def check_simple_results(supports: dict[int, str]) -> None:
    """A demand that is refused leaves the simple way (L-SIM-3 ②). Raises NotAllowed."""
    refused = [str(no) for no, support in sorted(supports.items()) if support == NOT_SUPPORTED]
    if refused:
        raise NotAllowed(
            f"第 {'、'.join(refused)} 项拟不予支持，不适用简易办理（简易办理办法第五条第二项），请由负责人转为普通程序办理。",
            code="simple_refusal",
            status=422,
        )


#: reply_support of a demand that is refused.
NOT_SUPPORTED = "3"


def check_told_at(told_at: datetime, *, now: datetime, since: date) -> None:
    """When somebody was told lies between the matter's coming and now. Raises NotAllowed."""
    if told_at > now:
        raise NotAllowed("告知时间不能晚于现在。", code="future", status=422)
    if local_date(told_at) < since:
        raise NotAllowed(f"告知时间不能早于{since:%-m月%-d日}。", code="told_before", status=422)


def check_told(*, way: str, number: str, person: str) -> None:
    """Way, number and person of what was told without a letter (L-SIM-5). Raises NotAllowed."""
    if way in NUMBERED and not number.strip():
        raise NotAllowed("电话、短信告知的，请写明号码。", code="number_needed", status=422)
    if not person.strip():
        raise NotAllowed("请写明告知了谁。", code="person_needed", status=422)


#: Telling.Way by which a number is dialled.
NUMBERED = frozenset({"phone", "sms"})
