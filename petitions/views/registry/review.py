"""The acts of the review chain: form, action, words."""

from __future__ import annotations

from petitions.views.registry.entry import Entry

ACTS: dict[str, Entry] = {}
