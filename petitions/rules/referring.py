"""A petition that is a quarrel between parties goes to mediation; what another kind of case refers here comes in or goes back.

Mediation in a petition rests on 条例§33 (where there is discretion and both agree) and §37① (several ways together). The
regulations let no time of mediation go uncounted: the only excluded time is that of a hearing in 复核 (§36②, L-TIME-7).
So the petition's limits run on, and whoever refers is told so before.
"""

from __future__ import annotations

from casework.rules import NotAllowed, Step, Where
from organisations.roles import Role
from petitions import codes
from petitions.rules.actors import OFFICE, TO_SORT
from petitions.rules.states import State

STEPS: dict[str, Step] = {
    "refer": Step(
        "转调解",
        TO_SORT | {State.SIGNED, State.ACCEPTED},
        None,
        frozenset({Role.OFFICE, Role.HANDLER, Role.HEAD}),
        Where.HOLDER,
        "条例§33 §37①；L-PET-63；L-MED-24",
        "属于当事人之间的纠纷，信访人同意的，转调解组织调解；本件仍由原单位负责答复",
    ),
    "return_referral": Step(
        "退回转办",
        frozenset({State.REGISTERED}),
        State.VOIDED,
        OFFICE,
        Where.CENTRE,
        "条例§22；L-PET-37",
        "不属于信访事项的，写明理由退回转来的单位；编号保留",
    ),
}

#: What is asked for, and may be settled by agreement (条例§33).
MEDIABLE = frozenset(row.code for row in codes.PURPOSES.values() if row.law_class == "申诉求决")
#: Said on the form before the act.
CLOCK_RUNS = (
    "转调解不停止本件的期限：《信访工作条例》第三十三条允许调解、和解，没有规定调解时间不计入办理期限，"
    "依法不计入的只有复核听证时间（第三十六条第二款）。调解结束后，仍由本件承办人书面答复信访人。"
)


def check_refer(purpose: str, opponent: str, *, is_anonymous: bool, is_agreed: bool) -> None:
    """What the law asks before a petition becomes a dispute (条例§33; 调解法§17). Raises NotAllowed."""
    if purpose not in MEDIABLE:
        raise NotAllowed("只有申诉、求决类事项可以调解（条例第三十三条），本件不属于。", code="not_mediable", status=422)
    if is_anonymous:
        raise NotAllowed("匿名信访没有可以参加调解的甲方，不能转调解。", code="anonymous", status=422)
    if not is_agreed:
        raise NotAllowed("须先征得信访人同意再转调解（条例第三十三条，人民调解法第十七条）。", code="not_agreed", status=422)
    if not opponent.strip():
        raise NotAllowed("请写明乙方（与信访人发生纠纷的人或者单位），没有对方不能调解。", code="no_opponent", status=422)
