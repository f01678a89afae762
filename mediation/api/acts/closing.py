"""The acts of the time after the agreement: input and action."""

from __future__ import annotations

from casework.api import Act

ACTS: dict[str, Act] = {}
