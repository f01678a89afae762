"""Who mediates: what the sides say of a person proposed, and the 3+N team of a difficult dispute (MED-6, MED-8; 调解法§19 §20 §23)."""

from __future__ import annotations

from casework.rules import Step, Where
from mediation.rules.actors import KEEPERS
from mediation.rules.states import HELD, State

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
}
