"""Every act on a dispute. A new act is one row of its stage."""

from __future__ import annotations

from casework.rules import Step
from mediation.rules import court, joint, ladder, talks

STEPS: dict[str, Step] = {**ladder.STEPS, **talks.STEPS, **joint.STEPS, **court.STEPS}
