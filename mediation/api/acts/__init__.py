"""Every act's input and action. A new act is one row of its stage."""

from casework.api import Act
from mediation.api.acts import closing, court, joint, ladder, people, prevention, talks

ACTS: dict[str, Act] = {**ladder.ACTS, **people.ACTS, **talks.ACTS, **closing.ACTS, **joint.ACTS, **court.ACTS, **prevention.ACTS}

__all__ = ["ACTS"]
