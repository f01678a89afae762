"""What mediation adds to somebody's home page: rounds of the sweeps, and who waits in the online room."""

from __future__ import annotations

from casework.kinds import Panel
from mediation.chamber import queries as chamber
from mediation.screening.queries import desks
from organisations.scope import Scope


def panels(scope: Scope) -> list[Panel]:
    """Empty lists are left out. Three statements at most."""
    return [*desks.panels(scope), *chamber.panels(scope)]
