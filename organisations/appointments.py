"""Where the kinds of work say what becomes of a person's sight when they are given a post.

`organisations` knows no case. Each app registers its verb in `apps.ready()`; only the person's id crosses.
"""

from __future__ import annotations

from collections.abc import Callable

_verbs: dict[str, Callable[[int], None]] = {}


def register(code: str, appointed: Callable[[int], None]) -> None:
    if code in _verbs:
        raise ValueError(f"registered twice for appointments: {code}")
    _verbs[code] = appointed


def tell(user_id: int) -> None:
    """The person has just been given a post, today's or a coming one. Raises NotAllowed where that cannot be."""
    for appointed in _verbs.values():
        appointed(user_id)
