"""The states of a petition (L-PET-10, appendix B), their words and stages."""

from __future__ import annotations

from enum import StrEnum


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
    SIMPLE = "simple"
    SUSPENDED = "suspended"
    UNDER_APPROVAL = "under_approval"
    REPLIED = "replied"
    DELIVERED = "delivered"
    REPORTED = "reported"
    FED_BACK = "fed_back"
    REVIEW_ASKED = "review_asked"
    REVIEW_OUTSIDE = "review_outside"
    REVIEW_REJECTING = "review_rejecting"
    REVIEWING = "reviewing"
    REVIEW_SIGNING = "review_signing"
    REVIEW_DECIDED = "review_decided"
    CLOSED = "closed"
    VOIDED = "voided"


STATE_LABELS: dict[str, str] = {
    State.REGISTERED: "待分流",
    State.RETURNED: "退回待分流",
    State.PROPOSED: "待领导批示",
    State.DECLINING: "不予受理待审批",
    State.DISPUTED: "权责待协调",
    State.ROUTED: "待签收",
    State.OBJECTED: "已提异议",
    State.SIGNED: "已签收待受理",
    State.ACCEPTED: "办理中",
    State.SIMPLE: "简易办理中",
    State.SUSPENDED: "中止办理",
    State.UNDER_APPROVAL: "答复待审签",
    State.REPLIED: "待送达",
    State.DELIVERED: "已送达待反馈",
    State.REPORTED: "待回访评价",
    State.FED_BACK: "已评价待办结",
    State.REVIEW_ASKED: "复查复核申请待审查",
    State.REVIEW_OUTSIDE: "上级机关复查复核中",
    State.REVIEW_REJECTING: "不予受理申请待审批",
    State.REVIEWING: "复查复核中",
    State.REVIEW_SIGNING: "复查复核意见待签发",
    State.REVIEW_DECIDED: "复查复核意见待送达",
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
    State.SIMPLE: 4,
    State.SUSPENDED: 4,
    State.UNDER_APPROVAL: 4,
    State.REPLIED: 5,
    State.DELIVERED: 5,
    State.REPORTED: 6,
    State.FED_BACK: 6,
    State.REVIEW_ASKED: 5,
    State.REVIEW_OUTSIDE: 5,
    State.REVIEW_REJECTING: 5,
    State.REVIEWING: 5,
    State.REVIEW_SIGNING: 5,
    State.REVIEW_DECIDED: 5,
    State.CLOSED: 6,
    State.VOIDED: 1,
}

OPEN_STATES = tuple(s for s in State if s not in (State.CLOSED, State.VOIDED))
