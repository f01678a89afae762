"""The acts of the time after the agreement: form, action, words."""

from __future__ import annotations

from casework.registry import Entry

ACTS: dict[str, Entry] = {}
#: What is done next most often, first.
USUAL: tuple[str, ...] = ()
