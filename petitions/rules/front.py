"""The steps of the front door: registration to feedback (L-PET-10, rows 1 to 7). Each row cites its article."""

from __future__ import annotations

from casework.rules import Place, Step, Where
from organisations.roles import Role
from organisations.scope import Scope
from petitions.rules.actors import ENTRY, HEAD, HELD, OFFICE, OPEN, TO_SORT, UNIT
from petitions.rules.states import State

STEPS: dict[str, Step] = {
    "register": Step("登记", frozenset({""}), State.REGISTERED, ENTRY, Where.ANY, "条例§19 §22", "登记并编号，15日内分流"),
    "route": Step("分流转办", TO_SORT, State.ROUTED, OFFICE, Where.CENTRE, "条例§22；HALL-2", "定办理方式和责任单位", primary=True),
    "answer": Step(
        "当场答复",
        frozenset({State.REGISTERED}),
        State.REPORTED,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "简易§4；HALL-2",
        "咨询、建议和能当场办结的，逐项答复",
    ),
    "propose": Step("报请领导", TO_SORT, State.PROPOSED, OFFICE, Where.CENTRE, "条例§22(一)", "重大、紧急事项报请领导批示"),
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
        TO_SORT | {State.SIGNED},
        State.REPLIED,
        frozenset({Role.OFFICE, Role.HANDLER}),
        Where.HOLDER,
        "条例§31(一)–(五)",
        "依法分类，告知应走的法定途径",
    ),
    "decline": Step(
        "拟不予受理",
        TO_SORT | {State.SIGNED},
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
    "sign": Step("签收", frozenset({State.ROUTED}), State.SIGNED, UNIT, Where.HOLDER, "条例§23③", "收到转办件，开始计算告知期限", primary=True),
    "object": Step(
        "提出异议", frozenset({State.ROUTED, State.SIGNED}), State.OBJECTED, UNIT, Where.HOLDER, "条例§23③", "不属本单位职权，5个工作日内说明理由"
    ),
    "agree_return": Step(
        "同意退回", frozenset({State.OBJECTED}), State.RETURNED, OFFICE, Where.CENTRE, "条例§23③", "异议成立，退回待分流", primary=True
    ),
    "refuse_return": Step("不同意退回", frozenset({State.OBJECTED}), State.ROUTED, OFFICE, Where.CENTRE, "条例§23③", "异议不成立，仍由原单位办理"),
    "coordinate": Step(
        "协调裁定", frozenset({State.DISPUTED}), State.ROUTED, HEAD, Where.CENTRE, "条例§24①", "裁定责任单位，不得再退，留作先例", primary=True
    ),
    "accept": Step(
        "受理告知",
        frozenset({State.SIGNED}),
        State.ACCEPTED,
        UNIT,
        Where.HOLDER,
        "条例§23③",
        "书面告知接收情况、途径和程序，起算办理期限",
        primary=True,
    ),
    "designate": Step(
        "指定承办人",
        frozenset({State.ROUTED, State.SIGNED, State.ACCEPTED, State.SIMPLE, State.DELIVERED, State.REVIEW_ASKED, State.REVIEWING}),
        None,
        UNIT,
        Where.HOLDER,
        "条例§28③",
        "指定本单位人员承办，有利害关系的须回避",
    ),
    "hear": Step(
        "记录听取陈述", frozenset({State.SIGNED, State.ACCEPTED}), None, UNIT, Where.HOLDER, "条例§31(六)", "不少于2人听取信访人陈述事实和理由"
    ),
    "investigate": Step("记录调查核实", frozenset({State.SIGNED, State.ACCEPTED}), None, UNIT, Where.HOLDER, "条例§31(六)", "调查核实经过和证据材料"),
    "answer_point": Step("逐项写处理结果", frozenset({State.ACCEPTED}), None, UNIT, Where.HOLDER, "条例§32", "每项诉求写明意见、结果、依据"),
    "prepare": Step(
        "提交答复审签",
        frozenset({State.ACCEPTED}),
        State.UNDER_APPROVAL,
        UNIT,
        Where.HOLDER,
        "条例§31(六) §32",
        "各项诉求都有结果和依据后提交",
        primary=True,
    ),
    "reply": Step(
        "审签答复",
        frozenset({State.UNDER_APPROVAL}),
        State.REPLIED,
        HEAD,
        Where.HOLDER,
        "条例§32 §34；L-PET-71",
        "审签后出具处理意见书",
        primary=True,
    ),
    "send_back": Step("退回修改", frozenset({State.UNDER_APPROVAL}), State.ACCEPTED, HEAD, Where.HOLDER, "L-PET-71", "写明要补充修改的内容"),
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
    "close": Step("办结归档", frozenset({State.FED_BACK}), State.CLOSED, OFFICE, Where.CENTRE, "HALL-1", "答复、反馈齐全后办结", primary=True),
    "reopen": Step(
        "重新办理",
        frozenset({State.FED_BACK, State.CLOSED}),
        State.ACCEPTED,
        OFFICE,
        Where.CENTRE,
        "L-CLS-26",
        "群众不满意或办理不到位，交原单位重新办理",
    ),
    "withdraw": Step(
        "登记撤回",
        TO_SORT | {State.ROUTED, State.SIGNED, State.ACCEPTED, State.SIMPLE, State.SUSPENDED},
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
        OPEN | {State.CLOSED},
        State.VOIDED,
        OFFICE,
        Where.CENTRE,
        "ALL-7",
        "撤销整批导入的事项；编号保留",
    ),
    "amend": Step(
        "更正",
        OPEN - {State.SUSPENDED, State.REPORTED, State.FED_BACK},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "条例§19；ALL-6",
        "更正登记内容，前后内容都保留",
    ),
    "take_back": Step(
        "撤销上一步",
        OPEN,
        None,
        frozenset({Role.OFFICE, Role.HANDLER, Role.HEAD, Role.LEADER, Role.OVERSEER, Role.WINDOW_CLERK, Role.VILLAGE_CADRE}),
        Where.ANY,
        "ALL-6",
        "刚办的分流、指定、记录办错了，两分钟内由本人撤销",
    ),
    "note": Step(
        "记办理情况",
        OPEN,
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.HEAD, Role.LEADER, Role.OVERSEER, Role.VILLAGE_CADRE}),
        Where.ANY,
        "ALL-6",
        "电话、走访、进展",
    ),
    "hand_over": Step("移交首问责任", OPEN, None, frozenset(), Where.OWNER, "HALL-14；L-PET-47", "移交给另一名工作人员，写明事由"),
    "link": Step(
        "关联", OPEN | {State.CLOSED}, None, frozenset({Role.WINDOW_CLERK, Role.OFFICE}), Where.CENTRE, "L-PET-39", "与另一件标记为重复或有关"
    ),
    "unlink": Step(
        "解除关联",
        OPEN | {State.CLOSED},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "L-PET-39",
        "标错的重复或关联，写明原因后解除",
    ),
    "merge": Step(
        "并案",
        TO_SORT | {State.ROUTED, State.SIGNED, State.ACCEPTED},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "L-PET-12；L-PET-39",
        "并入主案一并办理，可解除；分流以后由分流员决定",
    ),
    "unmerge": Step(
        "解除并案",
        OPEN - {State.SUSPENDED} | {State.CLOSED},
        None,
        frozenset({Role.WINDOW_CLERK, Role.OFFICE}),
        Where.CENTRE,
        "L-PET-12",
        "恢复为单独的一件；分流以后由分流员决定",
    ),
    "sign_task": Step("签收任务", HELD, None, UNIT, Where.TASK, "HALL-2", "协办单位签收任务"),
    "report_task": Step("反馈任务", HELD, None, UNIT, Where.TASK, "HALL-2", "写明办理结果"),
    "confirm_task": Step("确认任务", HELD, None, UNIT, Where.HOLDER, "HALL-2", "牵头单位确认协办结果"),
    "return_task": Step("退回任务", HELD, None, UNIT, Where.HOLDER, "HALL-2", "结果不到位，退回协办单位"),
}


def may_join(place: Place, scope: Scope) -> bool:
    """Whether this person may merge the case or undo that: the window before it is sent out (L-PET-39), afterwards only who sends out."""
    return place.state in TO_SORT or scope.holds(OFFICE, place.centre_id, place.handler_id) is not None
