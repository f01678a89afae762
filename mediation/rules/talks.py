"""Mediation itself (MED-10; 调解法§17–33): notice of rights, sessions, positions, agreement, performance, confirmation, follow-up, dossier."""

from __future__ import annotations

from casework.rules import Step

STEPS: dict[str, Step] = {}
