"""Small cells: a number of 1 to 4 can point at a person, so other units do not see it, nor what it could be computed from (L-SEC-41). Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

#: Fewer than this in a cell are not shown to other units.
SMALL = 5
#: What stands where a number would point at a person, and where a larger one (or none) would give such a number away.
FEW, BESIDE = "不足5", "不列示"
Key = TypeVar("Key", bound=Hashable)


def is_small(count: int) -> bool:
    return 0 < count < SMALL


def sign(count: int) -> str:
    """What stands for a number that is hidden: «不足5» is said of no other."""
    return FEW if is_small(count) else BESIDE


def hidden(cells: Mapping[Key, int], owned: Collection[Key] = ()) -> frozenset[Key]:
    """Which cells of one row of a table are hidden from a reader who owns the cells `owned`.

    The total is known: hidden cells are its difference to the shown ones. One hidden cell would be known, and so would
    two whose sum leaves no choice. The smallest shown cells are hidden beside them until at least two are hidden
    whose sum is `SMALL` or more, and each small one could be another number too, by all that their signs tell. A cell the
    reader owns never has to be hidden: he knows it. Nothing is shown instead of telling something: where no second cell can
    be found, all cells of others are hidden.
    """
    others = {key: count for key, count in cells.items() if key not in owned}
    found = {key for key, count in others.items() if is_small(count)}
    if not found:
        return frozenset()
    small = len(found)
    rest = sorted((key for key in others if key not in found), key=lambda key: (others[key] == 0, others[key], str(key)))
    while rest and not _leaves_a_choice(sum(others[key] for key in found), small, len(found) - small):
        found.add(rest.pop(0))
    return frozenset(found)


def _leaves_a_choice(whole: int, small: int, beside: int) -> bool:
    """Whether a number of 1 to 4 among hidden ones could be another: `whole` is their sum, `small` are 1 to 4, `beside` 5 or more."""
    if small + beside < 2 or whole < SMALL:
        return False
    least = small - 1 + SMALL * beside
    most = whole if beside else (SMALL - 1) * (small - 1)
    return min(SMALL - 1, whole - least) > max(1, whole - most)
