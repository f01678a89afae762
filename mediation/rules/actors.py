"""Whose roles the tables of steps name again and again."""

from __future__ import annotations

from organisations.roles import Role

#: Who may write a dispute down: everybody who goes to the villages or sits at a counter.
ENTRY = frozenset(
    {
        Role.WINDOW_CLERK,
        Role.OFFICE,
        Role.HANDLER,
        Role.HEAD,
        Role.OVERSEER,
        Role.MEDIATOR,
        Role.VILLAGE_CADRE,
        Role.GRID_WORKER,
    }
)
#: Who answers for the body that holds the dispute, whatever kind of unit it sits at (村群众工作室、镇群众工作站、县中心).
KEEPERS = frozenset({Role.VILLAGE_CADRE, Role.HANDLER, Role.HEAD, Role.OFFICE})
#: Who mediates there.
MEDIATING = KEEPERS | {Role.MEDIATOR}
#: Who authorises that steps of the ladder are passed over, and takes that back.
LEAPING = frozenset({Role.HEAD, Role.OFFICE, Role.LEADER})
#: Who may take a dispute past a step: the head of a station or of the centre, the office, the secretary of a village.
DECIDING = frozenset({Role.VILLAGE_CADRE, Role.HEAD, Role.OFFICE})
