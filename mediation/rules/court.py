"""The court desk 便民巡回法庭 (HALL-17): 接访 立案 庭前 庭审 庭后 执行, fees waived, back to the case."""

from __future__ import annotations

from datetime import date

from casework.rules import NotAllowed, Step, Where
from mediation.rules.actors import KEEPERS, MEDIATING
from mediation.rules.states import HELD, State

#: The desk among the bodies of MED-3: 人民法庭（巡回法庭）.
BODY = "62"

STEPS: dict[str, Step] = {
    "refer_court": Step(
        "移送便民法庭",
        frozenset({State.APPLIED, State.BREACHED}) | HELD,
        State.IN_COURT,
        KEEPERS,
        Where.HOLDER,
        "HALL-17；调解法§3(三) §32",
        "当事人愿意由便民巡回法庭处理的，移送法庭接访立案，全免诉讼费用",
    ),
    "record_court": Step(
        "记法庭办理",
        frozenset({State.IN_COURT}),
        None,
        MEDIATING,
        Where.TASK,
        "HALL-17；L-MED-12",
        "接访、立案、庭前、庭审、庭后、执行，每一步都先行调解",
    ),
    "return_from_court": Step(
        "法庭办结退回",
        frozenset({State.IN_COURT}),
        None,
        MEDIATING,
        Where.TASK,
        "HALL-17；L-MED-12",
        "写明结果，退回移送的组织：调解书、撤诉的督促履行，判决、裁定的终止调解，不予立案的继续调解",
        primary=True,
    ),
}


def not_filed(from_state: str) -> State:
    """Where a matter stands again that the court did not take: mediation goes on, but a broken agreement is not a mediation."""
    return State.BREACHED if from_state == State.BREACHED else State.MEDIATING


def check_court_day(on: date, *, since: date, today: date) -> None:
    """What is written down happened between the sending and today. Raises NotAllowed."""
    if not since <= on <= today:
        raise NotAllowed(f"日期应在{since:%-m月%-d日}移送以后、今天以前（含当日）。", code="wrong_day", status=422)
