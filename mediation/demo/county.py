"""All the stories of the demo county's disputes, in the order in which one needs the other."""

from __future__ import annotations

from datetime import datetime

from casework.demo import World
from mediation.demo import chamber, closing, corps, joint, ladder, pay, screening, talks, ties

PARTS = (corps.write, screening.write, ladder.write, ties.write, joint.write, talks.write, closing.write, chamber.write, pay.write)


def write(world: World, horizon: datetime) -> list[str]:
    """Tell every part; what was refused is returned, in words: none is expected."""
    return [refusal for part in PARTS for refusal in part(world, horizon)]
