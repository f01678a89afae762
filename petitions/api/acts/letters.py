"""The acts on papers: input and action."""

from __future__ import annotations

from petitions.api.acts.shape import Act

ACTS: dict[str, Act] = {}
