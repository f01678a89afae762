"""Whom a protected matter (检举控告) accuses, who belongs to them, and who may know of it in their place (L-PET-85, L-PET-86).

The centre is the root of the tree, but the departments below it are not its people: a matter against the centre, or
against one of its staff, is kept from those who hold a post at the centre itself, and lies with the discipline organ
(条例§30: 纪检监察机关 handle it; L-PET-53). The county's leaders hold their post at the centre without being its staff.
"""

from __future__ import annotations

from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import Post, Unit
from organisations.roles import Role

#: How the discipline organ of a county is called; with its Party and its State name, or both as one.
_ORGAN_NAMES = ("纪委", "纪律检查委员会", "监察委员会")
#: Shorter words than this say nobody's name.
_SHORTEST_NAME = 2


def unit_of(unit_id: int | None, name: str) -> int | None:
    """The unit complained about: as chosen; else the centre, when the words name it or one of its staff; else unknown."""
    centre_id = directory.current().centre_id
    if unit_id is not None or centre_id is None or not name.strip():
        return unit_id
    centre = directory.current().units[centre_id]
    names = Post.objects.current(clock.today()).filter(unit=centre_id).exclude(role=Role.LEADER).values_list("user__name", flat=True)
    said = any(is_named(one, name) for one in (centre.name, centre.short_name, *names))
    return centre_id if said else None


def units_of(unit_id: int | None) -> frozenset[int]:
    """The units nothing may be passed to: the one complained about and those below it; of the centre itself only it."""
    tree = directory.current()
    if unit_id is None:
        return frozenset()
    return frozenset({unit_id}) if unit_id == tree.centre_id else frozenset(unit.id for unit in tree.below(unit_id))


def staff_of(unit_id: int | None) -> set[int]:
    """Everybody who holds a post at those units today; a leader of the county is nobody's staff at the centre."""
    if unit_id is None:
        return set()
    posts = Post.objects.current(clock.today()).filter(unit__in=units_of(unit_id))
    if unit_id == directory.current().centre_id:
        posts = posts.exclude(role=Role.LEADER)
    return set(posts.values_list("user_id", flat=True))


def is_named(person: str, words: str) -> bool:
    """The words complained with name that person («马国强主任»). A namesake is kept out too: wrongly out harms nobody."""
    return len(person) >= _SHORTEST_NAME and person in words


def contacts(unit_id: int, accused_id: int | None, name: str = "") -> set[int]:
    """Readers: the discipline contacts of that unit who neither belong to the unit complained about nor are the person."""
    posts = Post.objects.current(clock.today()).filter(role=Role.DISCIPLINE, unit=unit_id, user__is_active=True)
    accused = staff_of(accused_id)
    return {-user_id for user_id, called in posts.values_list("user_id", "user__name") if user_id not in accused and not is_named(called, name)}


def desk(accused_id: int | None) -> UnitFacts | None:
    """On whose desk a matter lies until it is sent on: the centre's, the discipline organ's when the centre is complained about.

    None in a county without a centre, or without such an organ.
    """
    tree = directory.current()
    if tree.centre_id is None or accused_id != tree.centre_id:
        return tree.units.get(tree.centre_id or 0)
    organs = [
        unit
        for unit in tree.units.values()
        if unit.is_active and unit.kind == Unit.Kind.DEPARTMENT and any(called in unit.name for called in _ORGAN_NAMES)
    ]
    return organs[0] if organs else None


def about_centre(unit_id: int | None, name: str) -> str:
    """What the counter is told while it types a matter about its own house; nothing of any other."""
    tree = directory.current()
    if tree.centre_id is None or unit_of(unit_id, name) != tree.centre_id:
        return ""
    organ = desk(tree.centre_id)
    return organ.short_name if organ else "纪检监察机关"
