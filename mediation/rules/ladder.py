"""三级六步 (MED-2, L-MED-26): six bodies on three levels; from one to the next by two acts; who may close what (MED-7).

The steps themselves are county settings with validity dates (`models.LadderStep`); what is here holds for any ladder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.rules import NotAllowed, Step, Where
from mediation.rules.actors import DECIDING, ENTRY, KEEPERS, LEAPING
from mediation.rules.states import HELD, OPEN_STATES, State
from organisations.roles import Role

#: The lowest and the highest body.
FIRST, LAST = 1, 6
#: The level of a step: 1, 2 村; 3, 4 镇; 5, 6 县.
LEVELS = {1: "村", 2: "村", 3: "镇", 4: "镇", 5: "县", 6: "县"}


@dataclass(frozen=True, slots=True)
class Body:
    """One step of the ladder on a day: which body, on which level, who convenes it, what it must have written before the step may end."""

    no: int
    name: str
    level: str
    body: str
    chair: str
    record: str


#: The ladder as it ships (鄂托克前旗, L-MED-26), until a county sets its own.
SHIPPED: dict[int, Body] = {
    body.no: body
    for body in (
        Body(1, "群众工作室", "village", "11", "村（社区）党组织书记", "入户走访和当面调解的记录"),
        Body(2, "村民代表会议", "village", "11", "村（社区）党组织书记", "村民代表会议记录和参会人员"),
        Body(3, "群众工作站", "town", "21", "群众工作站站长", "调查核实和当面调解的记录"),
        Body(4, "镇党政联席会议", "town", "81", "镇（街道）党政主要负责人", "联席会议纪要"),
        Body(5, "县联合接访中心", "county", "81", "县群众工作中心主任", "联合接访和会诊的记录"),
        Body(6, "县党政联席会议", "county", "81", "县分管领导", "县联席会议纪要"),
    )
}
#: An offered dispute is taken or given back within so many hours (opening 17); the limit `med.handover` shows it by the day.
ANSWER_WITHIN = timedelta(hours=24)
#: Words a failed step must hold at least: where the parties differ and what was done.
LEAST_WORDS = 10


def answer_by(offered_at: datetime) -> datetime:
    """Until when the receiving body answers."""
    return offered_at + ANSWER_WITHIN


#: The limit of each step and of an answer to a hand-over, in `casework.Limit`.
HANDOVER = "med.handover"


def limit_of(step: int) -> str:
    """The key of the limit that runs while the dispute is with that body."""
    return f"med.step{step}"


STEPS: dict[str, Step] = {
    "register": Step("登记纠纷", frozenset({""}), State.APPLIED, ENTRY, Where.ANY, "调解法§17；L-MED-43", "申请或主动发现，写明双方、事由和诉求"),
    "accept": Step(
        "受理",
        frozenset({State.APPLIED}),
        State.ACCEPTED,
        KEEPERS,
        Where.HOLDER,
        "调解法§17；L-MED-23",
        "双方愿意调解、依法可以调解的，3日内受理",
        primary=True,
    ),
    "decline": Step(
        "不予受理",
        frozenset({State.APPLIED}),
        State.DECLINED,
        KEEPERS,
        Where.HOLDER,
        "调解法§17；L-MED-23",
        "依法不能调解或一方明确拒绝，写明理由和其他途径",
    ),
    "assess": Step(
        "定难易与风险",
        frozenset({State.APPLIED}) | HELD,
        None,
        KEEPERS,
        Where.HOLDER,
        "L-MED-25；调解法§25",
        "难易程度、规模、风险等级及其事实，写明复核日期",
    ),
    "alarm": Step(
        "报告公安机关", frozenset(OPEN_STATES), None, ENTRY, Where.ANY, "调解法§25；L-MED-7", "可能引起治安案件、刑事案件的，立即采取预防措施并报告"
    ),
    "fail": Step(
        "本步未调成", frozenset({State.ACCEPTED, State.MEDIATING}), State.FAILED, KEEPERS, Where.HOLDER, "MED-2", "写明分歧在哪里、做过哪些工作"
    ),
    "retry": Step("继续调解", frozenset({State.FAILED}), State.MEDIATING, KEEPERS, Where.HOLDER, "MED-2", "情况有变化，在本步继续调解"),
    "offer": Step(
        "移交上一步",
        frozenset({State.FAILED}),
        State.OFFERED,
        DECIDING,
        Where.HOLDER,
        "MED-2；L-MED-26",
        "写明理由，移交上一级调处组织，对方接收前仍由本级负责",
        primary=True,
    ),
    "leap": Step(
        "紧急越级移交",
        frozenset({State.APPLIED}) | HELD,
        State.OFFERED,
        LEAPING,
        Where.ANY,
        "MED-2；调解法§25",
        "有激化危险的，经授权可以越级，写明紧急情形",
    ),
    "take": Step(
        "接收", frozenset({State.OFFERED}), State.ACCEPTED, KEEPERS, Where.TASK, "MED-2", "接收移交的纠纷，从今天起由本级负责", primary=True
    ),
    # What is not taken stands again where it stood when it was offered, which after a leap may be before its acceptance.
    "give_back": Step("退回移交", frozenset({State.OFFERED}), None, KEEPERS, Where.TASK, "MED-2", "写明理由和补做的工作，退回下一级"),
    "recall": Step("撤回移交", frozenset({State.OFFERED}), None, DECIDING, Where.HOLDER, "MED-2", "对方接收前，可以撤回"),
    "call_off": Step(
        "撤回越级移交", frozenset({State.OFFERED}), None, LEAPING, Where.ANY, "MED-2；调解法§25", "激化危险已经消除的，对方接收前由有权越级的人撤回"
    ),
    "name_mediator": Step(
        "确定调解员",
        frozenset({State.APPLIED, State.AGREED, State.BREACHED}) | HELD,
        None,
        KEEPERS,
        Where.HOLDER,
        "调解法§19",
        "指定或由当事人选择调解员",
    ),
    "note": Step("记调处情况", frozenset(OPEN_STATES), None, ENTRY | {Role.LEADER}, Where.ANY, "调解法§27；ALL-6", "电话、走访、进展"),
    "amend": Step("更正登记", frozenset({State.APPLIED}) | HELD, None, ENTRY, Where.HOLDER, "调解法§27；ALL-6", "更正登记内容，前后内容都保留"),
    "void": Step("作废", frozenset({State.APPLIED}), State.VOIDED, KEEPERS, Where.HOLDER, "MED-2", "登记错误；编号保留"),
}


def check_next(step: int, to_step: int, *, is_leap: bool) -> None:
    """One step up; more only as an authorised urgency; nobody is above the last. Raises NotAllowed."""
    if step >= LAST:
        raise NotAllowed("已经是县党政联席会议，没有更高一步。可以终止调解，告知仲裁、诉讼等途径。", code="top", status=422)
    if not step < to_step <= LAST:
        raise NotAllowed("只能移交给更高一步的组织。", code="not_up", status=422)
    if to_step != step + 1 and not is_leap:
        raise NotAllowed("三级六步逐步进行，不能跳过。有激化危险的，由负责人“紧急越级移交”。", code="skips", status=422)


def check_may_close(difficulty: str, step: int, *, has_team: bool) -> None:
    """Simple ones one mediator may close; difficult ones only the 3+N team together; grave ones not below the town (MED-7, L-MED-25).

    Raises NotAllowed.
    """
    if difficulty == "3" and not has_team:
        raise NotAllowed("疑难复杂纠纷须由“3+N”团队共同调解，请先“组成团队”；本村还没有团队的，先到“3+N团队”页设置。", code="team_needed", status=422)
    if difficulty == "4" and LEVELS[step] == "村":
        raise NotAllowed("重大纠纷不能在村级办结，请移交镇级或县级。", code="too_grave", status=422)
