"""The states of a dispute (appendix B), their words and stages, and the six stages a dispute's header shows."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where the work on a dispute stands. Which body holds it is `Dispute.step`; what stood before is in `Rung` rows."""

    APPLIED = "dispute_applied"
    ACCEPTED = "dispute_accepted"
    MEDIATING = "dispute_mediating"
    FAILED = "dispute_failed"
    OFFERED = "dispute_offered"
    REFERRED = "dispute_referred"
    IN_COURT = "dispute_in_court"
    AGREED = "dispute_agreed"
    BREACHED = "dispute_breached"
    PERFORMED = "dispute_performed"
    FOLLOWED = "dispute_followed"
    ENDED = "dispute_ended"
    ARCHIVED = "dispute_archived"
    DECLINED = "dispute_declined"
    VOIDED = "dispute_voided"


STATE_LABELS: dict[str, str] = {
    State.APPLIED: "待受理",
    State.ACCEPTED: "待调解",
    State.MEDIATING: "调解中",
    State.FAILED: "本步未调成",
    State.OFFERED: "已移交待接收",
    State.REFERRED: "已移送待回复",
    State.IN_COURT: "法庭办理中",
    State.AGREED: "协议履行中",
    State.BREACHED: "协议未履行",
    State.PERFORMED: "已履行待回访",
    State.FOLLOWED: "已回访待归档",
    State.ENDED: "已终止待归档",
    State.ARCHIVED: "已归档",
    State.DECLINED: "不予受理",
    State.VOIDED: "已作废",
}

#: The six stages of a dispute's header; `Case.stage` is 1-based.
STAGES = ("登记", "移交", "受理", "调解", "履行", "回访归档")

STAGE_OF: dict[str, int] = {
    State.APPLIED: 1,
    State.OFFERED: 2,
    State.REFERRED: 2,
    State.ACCEPTED: 3,
    State.MEDIATING: 4,
    State.FAILED: 4,
    State.IN_COURT: 4,
    State.AGREED: 5,
    State.BREACHED: 5,
    State.PERFORMED: 6,
    State.FOLLOWED: 6,
    State.ENDED: 6,
    State.ARCHIVED: 6,
    State.DECLINED: 3,
    State.VOIDED: 1,
}

FINISHED = frozenset({State.ARCHIVED, State.DECLINED, State.VOIDED})
OPEN_STATES = tuple(state for state in State if state not in FINISHED)
#: A body holds the dispute and works on it.
HELD = frozenset({State.ACCEPTED, State.MEDIATING, State.FAILED})
#: An agreement was reached and is being kept, or was not.
AFTER_AGREEMENT = frozenset({State.AGREED, State.BREACHED, State.PERFORMED, State.FOLLOWED})
