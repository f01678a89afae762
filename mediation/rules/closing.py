"""After the agreement (L-MED-12, L-MED-46, L-MED-50): judicial confirmation, follow-up visits, the dossier and its archiving."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
