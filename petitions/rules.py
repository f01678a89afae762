"""What may happen to a petition, when, by whom, citing which article. Pure: no queries, no clock.

`STEPS` feeds the actions' check, the buttons, the API's `allowed_acts`, the printed procedure and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import models
from django.utils import timezone

from casework.kinds import Awaits, BulkAct, CaseKind, Desk
from casework.rules import NotAllowed, Outcome, Step, Where
from organisations.roles import Role
from petitions import codes


class State(StrEnum):
    """L-PET-10 and appendix B, with the names a clerk reads in STATE_LABELS."""

    REGISTERED = "registered"
    RETURNED = "returned"
    PROPOSED = "proposed"
    DECLINING = "declining"
    DISPUTED = "disputed"
    ROUTED = "routed"
    OBJECTED = "objected"
    SIGNED = "signed"
    ACCEPTED = "accepted"
    UNDER_APPROVAL = "under_approval"
    REPLIED = "replied"
    DELIVERED = "delivered"
    REPORTED = "reported"
    FED_BACK = "fed_back"
    CLOSED = "closed"
    VOIDED = "voided"


STATE_LABELS: dict[str, str] = {
    State.REGISTERED: "待分流",
    State.RETURNED: "退回待重新分流",
    State.PROPOSED: "待领导批示",
    State.DECLINING: "不予受理待审批",
    State.DISPUTED: "权责待协调",
    State.ROUTED: "待签收",
    State.OBJECTED: "已提异议",
    State.SIGNED: "已签收待受理",
    State.ACCEPTED: "办理中",
    State.UNDER_APPROVAL: "答复待审签",
    State.REPLIED: "待送达",
    State.DELIVERED: "已送达待反馈",
    State.REPORTED: "待回访评价",
    State.FED_BACK: "已评价待办结",
    State.CLOSED: "已办结",
    State.VOIDED: "已作废",
}

#: Which of the six stages a state belongs to (casework.rules.STAGES, 1-based).
STAGE_OF: dict[str, int] = {
    State.REGISTERED: 2,
    State.RETURNED: 2,
    State.PROPOSED: 2,
    State.DECLINING: 2,
    State.DISPUTED: 2,
    State.ROUTED: 3,
    State.OBJECTED: 3,
    State.SIGNED: 3,
    State.ACCEPTED: 4,
    State.UNDER_APPROVAL: 4,
    State.REPLIED: 5,
    State.DELIVERED: 5,
    State.REPORTED: 6,
    State.FED_BACK: 6,
    State.CLOSED: 6,
    State.VOIDED: 1,
}

OPEN_STATES = tuple(s for s in State if s not in (State.CLOSED, State.VOIDED))

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


_ENTRY = frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.VILLAGE_CADRE, Role.OVERSEER, Role.GRID_WORKER})
_OFFICE = frozenset({Role.OFFICE})
_HANDLER = frozenset({Role.HANDLER})
_HEAD = frozenset({Role.HEAD})
_UNIT = frozenset({Role.HANDLER, Role.HEAD})
_TO_SORT = frozenset({State.REGISTERED, State.RETURNED})
_HELD = frozenset({State.ROUTED, State.SIGNED, State.ACCEPTED, State.UNDER_APPROVAL, State.REPLIED, State.DELIVERED})
_OPEN = frozenset(OPEN_STATES)

STEPS: dict[str, Step] = {
    "register": Step("登记", frozenset({""}), State.REGISTERED, _ENTRY, Where.ANY, "条例§19 §22", "登记并编号，15日内分流"),
    "route": Step("分流转办", _TO_SORT, State.ROUTED, _OFFICE, Where.CENTRE, "条例§22；HALL-2", "定办理方式和责任单位", primary=True),
    "answer": Step(
        "当场答复",
        frozenset({State.REGISTERED}),
        State.REPORTED,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "简易§4；HALL-2",
        "咨询、建议和能当场办结的，逐项答复",
    ),
    "propose": Step("报请领导", _TO_SORT, State.PROPOSED, _OFFICE, Where.CENTRE, "条例§22(一)", "重大、紧急事项报请领导批示"),
    "instruct": Step(
        "批示",
        frozenset({State.PROPOSED}),
        State.REGISTERED,
        frozenset({Role.LEADER}),
        Where.ANY,
        "条例§22(一)",
        "写明批示意见，交中心落实",
        primary=True,
    ),
    "guide": Step(
        "引导其他途径",
        _TO_SORT | {State.SIGNED},
        State.REPLIED,
        frozenset({Role.OFFICE, Role.HANDLER}),
        Where.HOLDER,
        "条例§31(一)–(五)",
        "依法分类，告知应走的法定途径",
    ),
    "decline": Step(
        "拟不予受理",
        _TO_SORT | {State.SIGNED},
        State.DECLINING,
        frozenset({Role.OFFICE, Role.HANDLER}),
        Where.HOLDER,
        "条例§19③ §23 §36③",
        "写明理由和救济途径，须另一人审批",
    ),
    "approve_decline": Step(
        "同意不予受理",
        frozenset({State.DECLINING}),
        State.REPLIED,
        frozenset({Role.HEAD}),
        Where.HOLDER,
        "条例§44；L-PET-51",
        "与拟办人不是同一人",
        primary=True,
    ),
    "reject_decline": Step(
        "退回拟办", frozenset({State.DECLINING}), None, frozenset({Role.HEAD}), Where.HOLDER, "条例§44；L-PET-51", "应当受理，退回继续办"
    ),
    "sign": Step("签收", frozenset({State.ROUTED}), State.SIGNED, _UNIT, Where.HOLDER, "条例§23③", "收到转办件，开始计算告知期限", primary=True),
    "object": Step(
        "提出异议", frozenset({State.ROUTED, State.SIGNED}), State.OBJECTED, _UNIT, Where.HOLDER, "条例§23③", "不属本单位职权，5个工作日内说明理由"
    ),
    "agree_return": Step(
        "同意退回", frozenset({State.OBJECTED}), State.RETURNED, _OFFICE, Where.CENTRE, "条例§23③", "异议成立，退回重新分流", primary=True
    ),
    "refuse_return": Step("不同意退回", frozenset({State.OBJECTED}), State.ROUTED, _OFFICE, Where.CENTRE, "条例§23③", "异议不成立，仍由原单位办理"),
    "coordinate": Step(
        "协调裁定", frozenset({State.DISPUTED}), State.ROUTED, _HEAD, Where.CENTRE, "条例§24①", "裁定责任单位，不得再退，留作先例", primary=True
    ),
    "accept": Step(
        "受理告知",
        frozenset({State.SIGNED}),
        State.ACCEPTED,
        _UNIT,
        Where.HOLDER,
        "条例§23③",
        "书面告知接收情况、途径和程序，起算办理期限",
        primary=True,
    ),
    "designate": Step(
        "指定承办人",
        frozenset({State.ROUTED, State.SIGNED, State.ACCEPTED, State.DELIVERED}),
        None,
        _UNIT,
        Where.HOLDER,
        "条例§28③",
        "指定本单位人员承办，有利害关系的须回避",
    ),
    "hear": Step(
        "记录听取陈述", frozenset({State.SIGNED, State.ACCEPTED}), None, _UNIT, Where.HOLDER, "条例§31(六)", "不少于2人听取信访人陈述事实和理由"
    ),
    "investigate": Step(
        "记录调查核实", frozenset({State.SIGNED, State.ACCEPTED}), None, _UNIT, Where.HOLDER, "条例§31(六)", "调查核实经过和证据材料"
    ),
    "answer_point": Step("逐项写处理结果", frozenset({State.ACCEPTED}), None, _UNIT, Where.HOLDER, "条例§32", "每项诉求写明意见、结果、依据"),
    "prepare": Step(
        "提交答复审签",
        frozenset({State.ACCEPTED}),
        State.UNDER_APPROVAL,
        _UNIT,
        Where.HOLDER,
        "条例§31(六) §32",
        "各项诉求都有结果和依据后提交",
        primary=True,
    ),
    "reply": Step(
        "审签答复",
        frozenset({State.UNDER_APPROVAL}),
        State.REPLIED,
        _HEAD,
        Where.HOLDER,
        "条例§32 §34；L-PET-71",
        "审签后出具处理意见书",
        primary=True,
    ),
    "send_back": Step("退回修改", frozenset({State.UNDER_APPROVAL}), State.ACCEPTED, _HEAD, Where.HOLDER, "L-PET-71", "写明要补充修改的内容"),
    "deliver": Step(
        "登记送达",
        frozenset({State.REPLIED}),
        State.DELIVERED,
        frozenset({Role.HANDLER, Role.HEAD, Role.OFFICE}),
        Where.HOLDER,
        "条例§35；民诉法§88–95",
        "送达方式、日期和凭证，复查期限从收到之日起",
        primary=True,
    ),
    "report": Step(
        "办理结果报中心",
        frozenset({State.DELIVERED}),
        State.REPORTED,
        frozenset({Role.HANDLER, Role.HEAD, Role.OFFICE}),
        Where.HOLDER,
        "HALL-3",
        "把办理结果反馈县中心",
        primary=True,
    ),
    "feedback": Step(
        "回访反馈",
        frozenset({State.REPORTED, State.FED_BACK}),
        State.FED_BACK,
        frozenset({Role.OFFICE, Role.WINDOW_CLERK}),
        Where.CENTRE,
        "评价办法；HALL-1",
        "向信访人反馈，分别记录对中心和单位的评价",
        primary=True,
    ),
    "close": Step("办结归档", frozenset({State.FED_BACK}), State.CLOSED, _OFFICE, Where.CENTRE, "HALL-1", "答复、反馈齐全后办结", primary=True),
    "reopen": Step(
        "重新办理",
        frozenset({State.FED_BACK, State.CLOSED}),
        State.ACCEPTED,
        _OFFICE,
        Where.CENTRE,
        "L-CLS-26",
        "群众不满意或办理不到位，交原单位重新办理",
    ),
    "withdraw": Step(
        "登记撤回",
        _TO_SORT | {State.ROUTED, State.SIGNED, State.ACCEPTED},
        State.REPORTED,
        frozenset({Role.OFFICE, Role.HANDLER}),
        Where.HOLDER,
        "L-PET-01",
        "信访人自愿撤回，记录经过",
    ),
    "void": Step(
        "作废", frozenset({State.REGISTERED}), State.VOIDED, frozenset({Role.OFFICE, Role.HEAD}), Where.CENTRE, "L-PET-37", "登记错误；编号保留"
    ),
    "retract": Step(
        "撤销导入",
        _OPEN | {State.CLOSED},
        State.VOIDED,
        _OFFICE,
        Where.CENTRE,
        "ALL-7",
        "撤销整批导入的事项；编号保留",
    ),
    "amend": Step(
        "更正",
        _OPEN - {State.REPORTED, State.FED_BACK},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "条例§19；ALL-6",
        "更正登记内容，前后内容都保留",
    ),
    "note": Step(
        "记办理情况",
        _OPEN,
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.HEAD, Role.LEADER, Role.OVERSEER, Role.VILLAGE_CADRE}),
        Where.ANY,
        "ALL-6",
        "电话、走访、进展",
    ),
    "hand_over": Step("移交首问责任", _OPEN, None, frozenset(), Where.OWNER, "HALL-14；L-PET-47", "移交给另一名工作人员，写明事由"),
    "link": Step(
        "关联", _OPEN | {State.CLOSED}, None, frozenset({Role.WINDOW_CLERK, Role.OFFICE}), Where.CENTRE, "L-PET-39", "与另一件标记为重复或有关"
    ),
    "merge": Step(
        "并案", _TO_SORT | {State.ROUTED, State.SIGNED, State.ACCEPTED}, None, _OFFICE, Where.CENTRE, "L-PET-12", "并入主案一并办理，可解除"
    ),
    "unmerge": Step("解除并案", _OPEN | {State.CLOSED}, None, _OFFICE, Where.CENTRE, "L-PET-12", "恢复为单独的一件"),
    "sign_task": Step("签收任务", _HELD, None, _UNIT, Where.TASK, "HALL-2", "协办单位签收任务"),
    "report_task": Step("反馈任务", _HELD, None, _UNIT, Where.TASK, "HALL-2", "写明办理结果"),
    "confirm_task": Step("确认任务", _HELD, None, _UNIT, Where.HOLDER, "HALL-2", "牵头单位确认协办结果"),
    "return_task": Step("退回任务", _HELD, None, _UNIT, Where.HOLDER, "HALL-2", "结果不到位，退回协办单位"),
}

#: Reopening after the case is closed is asked by the petitioner; feedback may be recorded again before closing.
OUTCOMES_OF_REPLY = (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.REFUSED)

#: The states in which something awaits the holder of a role: the worklist «待我办理».
AWAITING: dict[Role, tuple[State, ...]] = {
    Role.WINDOW_CLERK: (State.REPORTED,),
    Role.OFFICE: (State.REGISTERED, State.RETURNED, State.OBJECTED, State.REPORTED, State.FED_BACK),
    Role.HANDLER: (State.ROUTED, State.SIGNED, State.ACCEPTED, State.REPLIED, State.DELIVERED),
    Role.HEAD: (State.UNDER_APPROVAL, State.DECLINING, State.DISPUTED),
    Role.LEADER: (State.PROPOSED,),
    Role.DISCIPLINE: OPEN_STATES,
}


def _awaits() -> tuple[Awaits, ...]:
    """AWAITING with the place at which the next step is done: the step that leads on says at which unit."""
    found = []
    for role, states in AWAITING.items():
        places: dict[str, list[str]] = {}
        for state in states:
            leading = [step.where for step in STEPS.values() if step.primary and state in step.frm and role in step.roles]
            where = leading[0] if leading else Where.ANY
            places.setdefault(where, []).append(state)
        found += [Awaits(role, tuple(group), str(where), is_personal=role is Role.HANDLER) for where, group in places.items()]
    return tuple(found)


DESKS = (
    Desk("sort", "待分流", (State.REGISTERED, State.RETURNED), frozenset({Role.OFFICE})),
    Desk("disputed", "异议与协调", (State.OBJECTED, State.DISPUTED), frozenset({Role.OFFICE, Role.HEAD})),
    Desk("callback", "待回访", (State.REPORTED,), frozenset({Role.WINDOW_CLERK, Role.OFFICE})),
    Desk("sign", "待签收", (State.ROUTED,), frozenset({Role.HANDLER, Role.HEAD})),
    Desk("approve", "待审签", (State.UNDER_APPROVAL, State.DECLINING), frozenset({Role.HEAD})),
    Desk("instruct", "待批示", (State.PROPOSED,), frozenset({Role.LEADER})),
)

#: What can be done on many ticked petitions at once.
BULK_ACTS = (
    BulkAct("route", "分流", "arrows-split-2", STEPS["route"].roles, "R"),
    BulkAct("designate", "指定承办人", "user-plus", STEPS["designate"].roles, "A"),
    BulkAct("note", "催办记录", "send", frozenset({Role.OFFICE, Role.LEADER, Role.OVERSEER, Role.HEAD}), "U"),
    BulkAct("follow", "关注", "star", frozenset(Role)),
    BulkAct("print", "打印清单", "printer", frozenset(Role)),
)

KIND = CaseKind(
    code="petition",
    label="信访事项",
    detail_url="petitions:detail",
    states=dict(STATE_LABELS),
    awaiting=_awaits(),
    desks=DESKS,
    topics=tuple((row.code[:2], row.name) for row in codes.TOP_CATEGORIES),
    register_url="petitions:register",
    bulk_url="petitions:bulk",
    bulk_acts=BULK_ACTS,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What must be true before a reply may go out, as facts."""

    purpose: str
    has_heard: bool
    has_investigated: bool
    unanswered_points: tuple[int, ...]
    open_tasks: int


def check_can_decide(facts: Decision) -> None:
    """Heard, investigated, every point answered, every task confirmed (L-PET-61, HALL-2). Raises NotAllowed."""
    if facts.purpose in INQUIRY_PURPOSES and not facts.has_heard:
        raise NotAllowed("还没有记录听取信访人陈述，不能出具处理意见（条例第三十一条）。", code="not_heard")
    if facts.purpose in INQUIRY_PURPOSES and not facts.has_investigated:
        raise NotAllowed("还没有记录调查核实情况，不能出具处理意见（条例第三十一条）。", code="not_investigated")
    if facts.unanswered_points:
        numbers = "、".join(str(n) for n in facts.unanswered_points)
        raise NotAllowed(f"第 {numbers} 项诉求还没有写处理意见、结果和依据，不能答复。", code="points_open")
    if facts.open_tasks:
        raise NotAllowed(f"联动办还有 {facts.open_tasks} 项协办任务未确认，不能答复。", code="tasks_open")


def check_second_person(first_id: int | None, second_id: int, what: str) -> None:
    """Whoever proposes does not approve (L-PET-51, L-PET-71). Raises NotAllowed."""
    if first_id == second_id:
        raise NotAllowed(f"{what}须由另一人审批，不能自己批自己。", code="same_person", status=403)


def check_mode(mode: str, *, today: date, promised_on: date | None, has_agent: bool, consent: str, task_count: int) -> None:
    """The four ways of handling and what each needs (HALL-2). Raises NotAllowed."""
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
        raise NotAllowed("送达日期应在答复之后、今天之前。", code="delivery_date", status=422)
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
#: The lowest of the three levels of L-CLS-23.
DISSATISFIED = "3"


def local_date(moment: datetime) -> date:
    """The calendar day of an instant in the county's time zone."""
    return timezone.localdate(moment)
