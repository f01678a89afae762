"""What was prevented from getting worse: a suicide, a crime, a fight, a petition in a group (MED-16; 调解法§25, L-MED-47)."""

from __future__ import annotations

from casework.rules import Step, Where
from mediation.rules.actors import MEDIATING
from mediation.rules.states import AFTER_AGREEMENT, HELD, State

STEPS: dict[str, Step] = {
    "prevent": Step(
        "登记防止激化",
        HELD | AFTER_AGREEMENT | {State.ENDED},
        None,
        MEDIATING,
        Where.HOLDER,
        "调解法§25；MED-16",
        "防止了自杀、刑事案件、群体性械斗或者群体性上访的，写明事实；计入调解数据",
    ),
}
