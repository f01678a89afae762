"""Steps that move a limit: extension, suspension, the simple procedure and its conversion (L-PET-21…23, L-SIM)."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
