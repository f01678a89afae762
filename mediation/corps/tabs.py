"""The tabs over every page about the people who mediate: the corps, the villages' teams, the relations kept of them."""

from __future__ import annotations

from mediation.rules.actors import KEEPERS
from organisations.roles import Role
from organisations.scope import Scope

#: Who reads the villages' teams.
READING_TEAMS = KEEPERS | {Role.OVERSEER, Role.LEADER}

TABS = (
    ("corps", "队员", "mediation:corps", frozenset(Role)),
    ("gaps", "配备缺口", "mediation:corps-gaps", frozenset(Role)),
    ("training", "培训", "mediation:corps-training", frozenset(Role)),
    ("duties", "四个至少", "mediation:corps-duties", frozenset(Role)),
    ("activities", "站办联动", "mediation:corps-activities", frozenset(Role)),
    ("teams", "“3+N”团队", "mediation:teams", READING_TEAMS),
    ("ties", "调解关系", "mediation:ties", KEEPERS),
)


def tabs_of(scope: Scope) -> list[tuple[str, str, str]]:
    """Code, label and address of the pages this person may open."""
    return [(code, label, url) for code, label, url, roles in TABS if roles & scope.roles]
