"""Bodies together: 三调联动 and professional committees (MED-4), 会诊 (MED-5), the 3+N team (MED-6), to a petition and back."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
