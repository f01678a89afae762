"""Steps of the review chain: 复查, 复核, hearing, conclusion (L-PET-10 rows 8 to 10, L-PET-72)."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
