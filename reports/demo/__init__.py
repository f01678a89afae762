"""What the demo county shows of looking and checking: told last, when every story of the kinds is there."""

from __future__ import annotations

from datetime import datetime

from casework.demo import World
from reports.demo import audit, months

PARTS = (months.tell, audit.tell)


def tell(world: World, horizon: datetime) -> list[str]:
    """Tell every part; what was refused is returned, in words: none is expected."""
    return [refusal for part in PARTS for refusal in part(world, horizon)]
