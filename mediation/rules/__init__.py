"""What may happen to a dispute, when, by whom, citing which article. Pure: no queries, no clock."""

from mediation.rules.kind import CODE, KIND, TOPIC
from mediation.rules.ladder import FIRST, HANDOVER, LAST, LEVELS, check_may_close, check_next, limit_of
from mediation.rules.states import AFTER_AGREEMENT, FINISHED, HELD, OPEN_STATES, STAGE_OF, STAGES, STATE_LABELS, State
from mediation.rules.steps import STEPS

__all__ = [
    "AFTER_AGREEMENT",
    "CODE",
    "FINISHED",
    "FIRST",
    "HANDOVER",
    "HELD",
    "KIND",
    "LAST",
    "LEVELS",
    "OPEN_STATES",
    "STAGES",
    "STAGE_OF",
    "STATE_LABELS",
    "STEPS",
    "TOPIC",
    "State",
    "check_may_close",
    "check_next",
    "limit_of",
]
