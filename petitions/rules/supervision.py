"""Steps of 催办, 督办, 批示, 包案, 陪访代访 and the proposals of L-PET-93."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
