"""What the page knows of an act beyond its step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from petitions.forms.acts.form import ActForm


@dataclass(frozen=True, slots=True)
class Entry:
    """`button` is verb and object; `is_grave` asks once more in a dialog that names the number (DESIGN §8).

    `is_previewed`: the act leads to a letter, which can be read before (DESIGN §8; beyond.md habit 18).
    `needs_rows` is False where neither form nor rule looks at points, tasks or people: one statement less.
    """

    form: type[ActForm]
    call: Callable[..., Any]
    button: str
    done: str
    is_grave: bool = False
    needs_rows: bool = True
    is_previewed: bool = False
    template: str = "petitions/acts/_plain.html"
