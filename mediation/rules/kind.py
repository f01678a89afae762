"""What the docket knows of disputes: whom a state awaits, the worklist's desks, the news of the inbox."""

from __future__ import annotations

from casework.kinds import Awaits, CaseKind, Desk, NoticeGroup
from casework.rules import Where
from mediation import codes
from mediation.rules.actors import KEEPERS, MEDIATING
from mediation.rules.states import OPEN_STATES, STAGES, STATE_LABELS, State
from mediation.rules.steps import STEPS
from organisations.roles import Role

CODE = "dispute"
#: Leading characters of `Case.topic_code`, so that no class of petitions is taken for a type of dispute.
TOPIC = "TJ"

_WORKED_ON = (
    State.APPLIED,
    State.ACCEPTED,
    State.MEDIATING,
    State.FAILED,
    State.AGREED,
    State.BREACHED,
    State.PERFORMED,
    State.FOLLOWED,
    State.ENDED,
)


def _awaits() -> tuple[Awaits, ...]:
    found = [Awaits(role, _WORKED_ON, str(Where.HOLDER)) for role in sorted(KEEPERS)]
    found.append(Awaits(Role.MEDIATOR, (State.ACCEPTED, State.MEDIATING, State.AGREED, State.PERFORMED), str(Where.HOLDER), is_personal=True))
    return tuple(found)


_SCREENING = {
    "screening.due": "排查将到期",
    "screening.missed": "排查缺报",
    "screening.finding": "排查发现待处置",
    "screening.opened": "专项排查",
    "screening.taken_back": "专项排查撤回",
}

_CHAMBER = {
    "chamber.asked": "网上找调解员",
    "chamber.said": "网上留言",
    "chamber.booked": "网上预约",
    "chamber.aid": "法律援助申请",
    "chamber.aid_due": "法律援助申请将到期",
}

_PAY = {
    "pay.drafted": "发放表待初审",
    "pay.checked": "发放表待审定",
    "pay.given_back": "发放表退回",
    "pay.fixed": "发放表已审定",
}


def _groups() -> tuple[NoticeGroup, ...]:
    """Work that arrives cannot be muted; the rest can."""
    arriving = (
        "register",
        "offer",
        "leap",
        "call_off",
        "give_back",
        "name_mediator",
        "alarm",
        "refer_body",
        "refer_court",
        "assign",
        "consult",
        "hand_over",
    )
    words = {code: step.label for code, step in STEPS.items()}
    return (
        NoticeGroup("disputes", "纠纷移交", {f"dispute.{act}": words[act] for act in arriving}, is_mutable=False),
        NoticeGroup("mediation", "调解进展", {f"dispute.{act}": label for act, label in words.items() if act not in arriving}),
        NoticeGroup("screening", "矛盾纠纷排查", _SCREENING, url="mediation:screening"),
        NoticeGroup("chamber", "掌上调解室", _CHAMBER, url="mediation:room"),
        NoticeGroup("pay", "调解补贴", _PAY, url="mediation:pay"),
    )


KIND = CaseKind(
    code=CODE,
    label="矛盾纠纷",
    detail_url="mediation:detail",
    states=dict(STATE_LABELS),
    awaiting=_awaits(),
    desks=(
        Desk("dispute_new", "纠纷待受理", (State.APPLIED, State.OFFERED), KEEPERS),
        Desk("dispute_running", "调解中", (State.ACCEPTED, State.MEDIATING, State.FAILED), MEDIATING),
        Desk("dispute_joint", "联动与法庭", (State.REFERRED, State.IN_COURT), MEDIATING),
        Desk("dispute_kept", "协议履行", (State.AGREED, State.BREACHED, State.PERFORMED), MEDIATING),
    ),
    topics=((TOPIC, "全部纠纷"), *((TOPIC + row.code, row.name) for row in codes.TYPES.values())),
    register_url="mediation:register",
    registrars=STEPS["register"].roles,
    due_url="mediation:due",
    notice_groups=_groups(),
    stages=STAGES,
    own_topic=TOPIC,
)

OPEN = frozenset(OPEN_STATES)
