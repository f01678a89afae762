"""Who mediates a dispute together."""

from __future__ import annotations

from collections.abc import Collection

from mediation.models import Mediating

#: From how many people of different units it is a joint mediation (MED-6, MED-7).
LEAST_TOGETHER = 2


def has_team(dispute_id: int) -> bool:
    """Whether a «3+N» team mediates, or people of at least two units together (MED-7). One statement."""
    return is_team(list(Mediating.objects.filter(dispute=dispute_id, until_on=None)))


def is_team(rows: Collection[Mediating]) -> bool:
    """The same of rows that are there already."""
    running = [row for row in rows if row.until_on is None]
    if any(row.chosen == Mediating.Chosen.TEAM for row in running):
        return True
    return len(running) >= LEAST_TOGETHER and len({row.unit_id for row in running}) >= LEAST_TOGETHER
