"""Bodies together: 三调联动 and professional committees (MED-4), 会诊 (MED-5), to a petition and back (architecture §8)."""

from __future__ import annotations

from casework.rules import NotAllowed, Step, Where
from mediation.rules.actors import KEEPERS, MEDIATING
from mediation.rules.states import HELD, State
from organisations.roles import Role

#: Who may convene a 会诊 and send people: the keeper of any body that sees the dispute, and the head of an area station (信调区长).
CONVENING = KEEPERS | {Role.OVERSEER}

STEPS: dict[str, Step] = {
    "refer_body": Step(
        "移送其他调处组织",
        HELD,
        State.REFERRED,
        KEEPERS,
        Where.HOLDER,
        "L-MED-24；条例§37①",
        "双方同意的，移送司法所、专业调委会、行政机关、仲裁机构等调处，对方办结前仍由本级负责",
    ),
    "accept_body": Step(
        "接收移送", frozenset({State.REFERRED}), None, MEDIATING, Where.TASK, "L-MED-24；MED-4", "接收移送的纠纷，依本组织的程序调处", primary=True
    ),
    "return_body": Step(
        "退回移送", frozenset({State.REFERRED}), State.MEDIATING, MEDIATING, Where.TASK, "L-MED-24；MED-4", "不属于本组织范围的，写明理由退回"
    ),
    "report_body": Step(
        "反馈调处结果",
        frozenset({State.REFERRED}),
        None,
        MEDIATING,
        Where.TASK,
        "L-MED-24；MED-4",
        "调成、依法处理完毕或者未能解决，反馈移送的组织",
        primary=True,
    ),
    "recall_body": Step(
        "撤回移送", frozenset({State.REFERRED}), State.MEDIATING, KEEPERS, Where.HOLDER, "L-MED-24；MED-4", "对方接收前可以撤回，由本级继续调解"
    ),
    "consult": Step("组织会诊", HELD, None, CONVENING, Where.ANY, "MED-5；调解法§20", "召集人员会诊疑难纠纷，记下经过和结论"),
    "assign": Step(
        "安排信调员",
        HELD,
        None,
        CONVENING,
        Where.ANY,
        "MED-5；调解法§20",
        "按亲情、感情、真情，安排当事人信得过的人做工作，写明理由",
    ),
    "refer_petition": Step(
        "转信访",
        frozenset({State.APPLIED}) | HELD,
        None,
        KEEPERS,
        Where.HOLDER,
        "条例§17 §22；调解法§3",
        "反映行政机关履职等信访事项的，转县中心按信访程序办理",
    ),
    "return_referral": Step(
        "退回转办",
        frozenset({State.APPLIED}),
        State.VOIDED,
        KEEPERS,
        Where.HOLDER,
        "L-MED-24；调解法§17",
        "转来的事项不能调解或一方不愿调解的，写明理由退回转来的单位",
    ),
}


def check_report(result: str, way: str, *, is_taken: bool) -> None:
    """Only who took a dispute can report; what ended otherwise than by agreement says by which way (MED-3). Raises NotAllowed."""
    if not is_taken:
        raise NotAllowed("请先接收移送，再反馈结果。", code="not_taken")
    if result == "decided" and way in ("", "mediated"):
        raise NotAllowed("请写明由哪种途径处理：仲裁、行政裁决、诉讼等。", code="way_needed", status=422)
