"""Every act on a dispute. A new act is one row of its stage."""

from __future__ import annotations

from casework.rules import Step
from mediation.rules import closing, court, joint, ladder, people, prevention, talks

STEPS: dict[str, Step] = {**ladder.STEPS, **people.STEPS, **talks.STEPS, **closing.STEPS, **joint.STEPS, **court.STEPS, **prevention.STEPS}
