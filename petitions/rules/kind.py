"""What the docket knows of petitions: whom a state awaits, the worklist's desks, what can be done on many at once."""

from __future__ import annotations

from casework.kinds import Awaits, BulkAct, CaseKind, Desk
from casework.rules import Where
from organisations.roles import Role
from petitions import codes
from petitions.rules import supervision, terms
from petitions.rules.news import notice_groups
from petitions.rules.states import OPEN_STATES, STATE_LABELS, State
from petitions.rules.steps import STEPS

#: The states in which something awaits the holder of a role: the worklist «待我办理».
AWAITING: dict[Role, tuple[State, ...]] = {
    Role.WINDOW_CLERK: (State.REPORTED,),
    Role.OFFICE: (State.REGISTERED, State.RETURNED, State.OBJECTED, State.REPORTED, State.FED_BACK, State.REVIEW_OUTSIDE, State.REVIEW_DECIDED),
    Role.HANDLER: (
        State.ROUTED,
        State.SIGNED,
        State.ACCEPTED,
        State.SIMPLE,
        State.REPLIED,
        State.DELIVERED,
        State.REVIEW_ASKED,
        State.REVIEWING,
        State.REVIEW_DECIDED,
    ),
    Role.HEAD: (State.UNDER_APPROVAL, State.DECLINING, State.DISPUTED, State.REVIEW_REJECTING, State.REVIEW_SIGNING),
    Role.LEADER: (State.PROPOSED,),
    Role.DISCIPLINE: OPEN_STATES,
}


def _awaits() -> tuple[Awaits, ...]:
    """AWAITING with the place at which the next step is done: the step that leads on says at which unit."""
    found = []
    for role, states in AWAITING.items():
        places: dict[str, list[str]] = {}
        for state in states:
            leading = [step.where for step in STEPS.values() if step.primary and state in step.frm and role in step.roles]
            where = leading[0] if leading else Where.ANY
            places.setdefault(where, []).append(state)
        found += [Awaits(role, tuple(group), str(where), is_personal=role is Role.HANDLER) for where, group in places.items()]
    # An extension asked for waits for the head while the handling goes on (L-PET-22).
    found.append(Awaits(Role.HEAD, tuple(sorted(terms.WHILE_ASKED)), str(Where.HOLDER), mark=terms.EXTENSION_ASKED))
    return tuple(found)


DESKS = (
    Desk("sort", "待分流", (State.REGISTERED, State.RETURNED), frozenset({Role.OFFICE})),
    Desk("disputed", "异议与协调", (State.OBJECTED, State.DISPUTED), frozenset({Role.OFFICE, Role.HEAD})),
    Desk("callback", "待回访", (State.REPORTED,), frozenset({Role.WINDOW_CLERK, Role.OFFICE})),
    Desk("sign", "待签收", (State.ROUTED,), frozenset({Role.HANDLER, Role.HEAD})),
    Desk("approve", "待审签", (State.UNDER_APPROVAL, State.DECLINING), frozenset({Role.HEAD})),
    Desk("extend", "延期待批", tuple(sorted(terms.WHILE_ASKED)), frozenset({Role.HEAD}), terms.EXTENSION_ASKED),
    Desk("suspended", "中止", (State.SUSPENDED,), frozenset({Role.OFFICE, Role.HEAD, Role.HANDLER})),
    Desk(
        "review",
        "复查复核",
        (
            State.REVIEW_ASKED,
            State.REVIEW_OUTSIDE,
            State.REVIEW_REJECTING,
            State.REVIEWING,
            State.REVIEW_SIGNING,
            State.REVIEW_DECIDED,
        ),
        frozenset({Role.OFFICE, Role.HEAD, Role.HANDLER}),
    ),
    Desk("instruct", "待批示", (State.PROPOSED,), frozenset({Role.LEADER})),
    Desk("supervised", "督办中", (), frozenset({Role.OFFICE, Role.LEADER, Role.HEAD, Role.HANDLER, Role.OVERSEER}), supervision.SUPERVISED),
    Desk("urged", "被催办", (), frozenset({Role.HEAD, Role.HANDLER}), supervision.URGED),
    Desk("urged_often", "多次催办", (), frozenset({Role.LEADER}), supervision.URGED_OFTEN),
    Desk(
        "sponsored",
        "包案",
        (),
        frozenset({Role.LEADER, Role.OFFICE, Role.HEAD, Role.HANDLER, Role.VILLAGE_CADRE, Role.OVERSEER}),
        supervision.SPONSORED,
    ),
)

#: What can be done on many ticked petitions at once.
BULK_ACTS = (
    BulkAct("route", "分流", "arrows-split-2", STEPS["route"].roles, "R"),
    BulkAct("designate", "指定承办人", "user-plus", STEPS["designate"].roles, "A"),
    BulkAct("urge", "催办", "send", frozenset({Role.OFFICE, Role.LEADER, Role.OVERSEER, Role.HEAD}), "U"),
    BulkAct("follow", "关注", "star", frozenset(Role)),
    BulkAct("print", "打印清单", "printer", frozenset(Role)),
)

KIND = CaseKind(
    code="petition",
    label="信访事项",
    detail_url="petitions:detail",
    states=dict(STATE_LABELS),
    awaiting=_awaits(),
    desks=DESKS,
    topics=tuple((row.code[:2], row.name) for row in codes.TOP_CATEGORIES),
    register_url="petitions:register",
    registrars=STEPS["register"].roles,
    bulk_url="petitions:bulk",
    due_url="petitions:due",
    bulk_acts=BULK_ACTS,
    notice_groups=notice_groups(),
)
