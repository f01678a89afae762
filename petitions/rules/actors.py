"""Whose roles and which states the tables of steps name again and again."""

from __future__ import annotations

from organisations.roles import Role
from petitions.rules.states import OPEN_STATES, State

ENTRY = frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.VILLAGE_CADRE, Role.OVERSEER, Role.GRID_WORKER})
OFFICE = frozenset({Role.OFFICE})
HANDLER = frozenset({Role.HANDLER})
HEAD = frozenset({Role.HEAD})
UNIT = frozenset({Role.HANDLER, Role.HEAD})
TO_SORT = frozenset({State.REGISTERED, State.RETURNED})
HELD = frozenset({State.ROUTED, State.SIGNED, State.ACCEPTED, State.UNDER_APPROVAL, State.REPLIED, State.DELIVERED})
OPEN = frozenset(OPEN_STATES)
