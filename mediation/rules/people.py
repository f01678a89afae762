"""Who mediates: what the sides say of a person proposed, and the 3+N team of a difficult dispute (MED-6, MED-8; 调解法§19 §20 §23)."""

from __future__ import annotations

from casework.rules import Step, Where
from mediation.rules.actors import DECIDING, KEEPERS
from mediation.rules.states import HELD, OPEN_STATES, State

STEPS: dict[str, Step] = {
    "hear_choice": Step(
        "记对调解员的意见",
        frozenset({State.APPLIED}) | HELD,
        None,
        KEEPERS,
        Where.HOLDER,
        "调解法§19 §23；L-MED-5",
        "推荐的调解员，双方是否同意；一方不同意的不再推荐",
    ),
    "form_team": Step(
        "组成“3+N”团队",
        HELD,
        None,
        KEEPERS,
        Where.HOLDER,
        "MED-6 MED-7；调解法§20",
        "法律顾问、司法所人员、新乡贤，加上调解员、代表、部门人员，共同调解",
    ),
    "hand_over": Step(
        "移交经办工作",
        frozenset(OPEN_STATES),
        None,
        DECIDING,
        Where.OWNER,
        "HALL-14；调解法§19",
        "调解员、经办人离岗的，把本件移交给另一名工作人员，写明事由",
    ),
}
