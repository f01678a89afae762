"""What an address asks for, taken with care."""

from __future__ import annotations

from collections.abc import Collection


def whole(text: str) -> int | None:
    """The whole number; junk counts as not asked."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def one_of(text: str, known: Collection[str]) -> str:
    """The word where it is known, else empty."""
    return text if text in known else ""
