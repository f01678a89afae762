"""Steps of the review chain: 复查, 复核, hearing, conclusion (L-PET-10 rows 8 to 10, L-PET-72)."""

from __future__ import annotations

from casework.rules import Step, Where
from organisations.roles import Role
from petitions.rules.actors import HEAD, OFFICE, UNIT
from petitions.rules.states import State

#: Where a decision lies with the person, who may not be content with it; a closed matter too (条例§35 knows no closing).
DECIDED = frozenset({State.DELIVERED, State.REPORTED, State.FED_BACK, State.CLOSED})
#: While an organ has the matter. Its office records what an organ outside the county does.
ASKED = frozenset({State.REVIEW_ASKED, State.REVIEW_OUTSIDE})
#: After the last word something may still be done for the person, never to the matter (L-PET-54).
AFTERWARDS = frozenset({State.REPORTED, State.FED_BACK, State.CLOSED})
ORGAN = UNIT | OFFICE

STEPS: dict[str, Step] = {
    "seek_review": Step(
        "登记复查复核申请",
        DECIDED,
        State.REVIEW_ASKED,
        frozenset({Role.OFFICE, Role.WINDOW_CLERK}),
        Where.CENTRE,
        "条例§35 §36；L-TIME-8",
        "信访人不服处理意见或复查意见，自收到之日起30日内书面提出，邮寄的以交邮日期为准",
    ),
    "enter_review": Step(
        "登记上级机关意见",
        frozenset({State.REVIEW_OUTSIDE}),
        State.REVIEW_DECIDED,
        OFFICE,
        Where.CENTRE,
        "条例§35 §36",
        "县外机关作出的决定，按来文登记文号、日期和结论",
        primary=True,
    ),
    "accept_review": Step(
        "受理复查复核申请",
        ASKED,
        State.REVIEWING,
        ORGAN,
        Where.HOLDER,
        "条例§35 §36；L-PET-T1",
        "15日内决定是否受理，出具受理告知书；30日内作出意见",
        primary=True,
    ),
    "redirect_review": Step(
        "转有权机关",
        ASKED,
        State.REVIEW_ASKED,
        ORGAN,
        Where.HOLDER,
        "条例§35 §36；L-PET-50",
        "申请不属本机关复查（复核）的，写明理由转给有权的机关；信访人提出申请的日期不变",
    ),
    "reject_review": Step(
        "拟不予受理申请",
        frozenset({State.REVIEW_ASKED}),
        State.REVIEW_REJECTING,
        UNIT,
        Where.HOLDER,
        "条例§35 §36；L-PET-T1",
        "写明理由，须另一人审批，收到申请之日起15日内告知",
    ),
    "approve_reject_review": Step(
        "同意不予受理申请",
        frozenset({State.REVIEW_REJECTING}),
        None,
        HEAD,
        Where.HOLDER,
        "条例§35 §36；L-PET-51",
        "与拟办人不是同一人，出具不予受理告知书",
        primary=True,
    ),
    "refuse_reject_review": Step(
        "退回审查",
        frozenset({State.REVIEW_REJECTING}),
        State.REVIEW_ASKED,
        HEAD,
        Where.HOLDER,
        "条例§35 §36；L-PET-51",
        "应当受理，退回继续审查",
    ),
    "draft_review": Step(
        "提交复查复核意见",
        frozenset({State.REVIEWING}),
        State.REVIEW_SIGNING,
        UNIT,
        Where.HOLDER,
        "条例§35 §36；L-PET-70",
        "写明查明的事实、理由依据和结论：维持、变更或者撤销并责令重新办理",
        primary=True,
    ),
    "decide_review": Step(
        "签发复查复核意见",
        frozenset({State.REVIEW_SIGNING}),
        State.REVIEW_DECIDED,
        HEAD,
        Where.HOLDER,
        "条例§35 §36；L-PET-71",
        "与起草人不是同一人，签发后出具意见书",
        primary=True,
    ),
    "return_review": Step(
        "退回修改意见", frozenset({State.REVIEW_SIGNING}), State.REVIEWING, HEAD, Where.HOLDER, "条例§35 §36；L-PET-71", "写明要补充修改的内容"
    ),
    "deliver_review": Step(
        "登记意见书送达",
        frozenset({State.REVIEW_DECIDED}),
        State.REPORTED,
        ORGAN,
        Where.HOLDER,
        "条例§35 §36；民诉法§88–95",
        "复查意见送达后起算30日的复核申请期；复核意见送达即为信访终结；责令重新办理的退回原单位",
        primary=True,
    ),
    "withdraw_review": Step(
        "登记撤回申请",
        frozenset({State.REVIEW_ASKED, State.REVIEW_OUTSIDE, State.REVIEWING}),
        None,
        ORGAN,
        Where.HOLDER,
        "条例§35 §36；L-PET-01",
        "信访人自愿撤回复查复核申请，记录经过",
    ),
    "call_hearing": Step(
        "通知听证",
        frozenset({State.ACCEPTED, State.REVIEWING}),
        None,
        UNIT,
        Where.HOLDER,
        "条例§31(六) §36②；L-PET-65",
        "主持人和不少于2名听证员，提前7日通知，经办过本件的人员不得参加听证组",
    ),
    "record_hearing": Step(
        "记录听证",
        frozenset({State.ACCEPTED, State.UNDER_APPROVAL, State.REVIEWING, State.REVIEW_SIGNING}),
        None,
        UNIT,
        Where.HOLDER,
        "条例§31(六) §36②；L-PET-65",
        "到场人员、笔录、结论和是否公示；复核中的听证时间不计入期限",
    ),
    "conclude": Step(
        "三级终结",
        frozenset({State.FED_BACK, State.CLOSED}),
        State.CLOSED,
        OFFICE,
        Where.CENTRE,
        "条例§36③；L-PET-11",
        "申请复查、复核的期限已过而没有申请的，本件终结，以同一事实和理由再提出的不再受理",
    ),
    "follow_up": Step(
        "交办帮扶任务",
        AFTERWARDS,
        None,
        OFFICE,
        Where.CENTRE,
        "条例§37③；L-PET-54",
        "终结之后，交基层单位做疏导教育、矛盾化解、帮扶救助，不重新办理本件",
    ),
    "finish_follow_up": Step(
        "反馈帮扶任务",
        AFTERWARDS,
        None,
        UNIT | {Role.VILLAGE_CADRE, Role.OVERSEER},
        Where.TASK,
        "条例§37③；L-PET-54",
        "写明做了什么、结果如何",
    ),
}
