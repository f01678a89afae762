"""Steps that concern a paper rather than the matter: delivery, correction, dispatch copies (L-PET-70, L-PET-73)."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
