"""What a case page knows of an act beyond its step, and how it lays out the lawful ones.

What leads on stands first, then what is usually done next, the rest by group, the grave ones apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.actforms import ActForm
from casework.rules import Step

#: So many acts stand open; the rest is behind «更多». The open one always shows.
MOST_SHOWN = 6

#: Label and acts of each group, in the order they are tried; the last, with none, takes what no other has.
Groups = Sequence[tuple[str, Collection[str]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """`button` is verb and object; `is_grave` asks once more in a dialog that names the number (DESIGN §8).

    `is_previewed`: the act makes papers, which can be read before (DESIGN §8; beyond.md habit 18).
    `needs_rows` is False where neither form nor rule looks at the rows that hang on the case: one statement less.
    """

    form: type[ActForm[Any]]
    call: Callable[..., Any]
    button: str
    done: str
    is_grave: bool = False
    needs_rows: bool = True
    is_previewed: bool = False
    template: str = "casework/acts/plain.html"


@dataclass(frozen=True, slots=True)
class Choice:
    """One act as a button: `missing` counts what has to be done before."""

    code: str
    step: Step
    is_grave: bool
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Arranged:
    shown: tuple[Choice, ...]
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    apart: tuple[Choice, ...]

    @property
    def rest(self) -> int:
        """How many acts are behind «更多»."""
        return sum(len(choices) for _, choices in self.groups) + len(self.apart)


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of case lays out its acts.

    `usual` is what is done next to the step that leads on, most usual first; whatever is not there is one click further away.
    `apart` ends or takes back what was begun.
    """

    usual: Sequence[str]
    groups: Groups
    apart: Collection[str]


def arrange(
    acts: Mapping[str, Step],
    registry: Mapping[str, Entry],
    *,
    opened: str,
    state: str,
    missing: Mapping[str, int],
    usual: Sequence[str],
    groups: Groups,
    apart: Collection[str],
) -> Arranged:
    """Lay out the acts. `opened` is the one whose form stands open, `missing` says of which act how much is not there yet."""
    choices = {code: Choice(code, step, registry[code].is_grave, missing.get(code, 0)) for code, step in acts.items()}
    leading = [code for code, step in acts.items() if step.primary and step.to != state]
    common = [code for code in usual if code in acts and code not in leading and not choices[code].is_grave]
    shown = [*leading, *common][:MOST_SHOWN]
    if opened in choices and opened not in shown:
        shown = [*shown[: MOST_SHOWN - 1], opened]
    left = [choice for code, choice in choices.items() if code not in shown]
    set_apart = tuple(choice for choice in left if choice.is_grave or choice.code in apart)
    if len(left) == 1 and not set_apart:
        return Arranged((*(choices[code] for code in shown), left[0]), (), ())
    found: dict[str, list[Choice]] = {}
    for choice in left:
        if choice not in set_apart:
            found.setdefault(group_of(choice.code, groups), []).append(choice)
    return Arranged(tuple(choices[code] for code in shown), tuple((label, tuple(rows)) for label, rows in found.items()), set_apart)


def group_of(code: str, groups: Groups) -> str:
    """Under which label an act stands."""
    return next((label for label, acts in groups if code in acts), groups[-1][0])
