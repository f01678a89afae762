"""Whom a protected matter (检举控告) accuses, who belongs to them, and who may know of it in their place (L-PET-85, L-PET-86).

The centre is the root of the tree, but the departments below it are not its people: a matter against the centre, or
against one of its staff, is kept from those who hold a post at the centre itself, and lies with the discipline organ
(条例§30: 纪检监察机关 handle it; L-PET-53). The county's leaders hold their post at the centre without being its staff.
That it is about the centre is kept beside the unit complained about and never in its place: the papers name whom the
person named.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import Post, Unit, User
from organisations.roles import Role
from petitions.models import Petition
from petitions.rules import called

#: How the discipline organ of a county is called; with its Party and its State name, or both as one.
_ORGAN_NAMES = ("纪委", "纪律检查委员会", "监察委员会")


@dataclass(frozen=True, slots=True)
class Accused:
    """Whom a matter complains about: the unit chosen, the words written, and whether it is (also) about the centre."""

    unit_id: int | None = None
    name: str = ""
    is_centre: bool = False


def of(petition: Petition) -> Accused:
    """Whom this matter complains about, as it was registered."""
    return Accused(petition.respondent_unit_id, petition.respondent_name, petition.is_about_centre)


def weigh(unit_id: int | None, name: str, *, is_said: bool) -> Accused:
    """The same with its answer whether it is about the centre: said so by a box, chosen as the unit, or named in the words."""
    return Accused(unit_id, name, is_said or _is_centre(unit_id, name))


def _is_centre(unit_id: int | None, name: str) -> bool:
    tree = directory.current()
    if tree.centre_id is None:
        return False
    if unit_id == tree.centre_id:
        return True
    if not name.strip():
        return False
    centre = tree.units[tree.centre_id]
    county = next((area.name for area in tree.areas.values() if area.level == "county"), "")
    posts = Post.objects.current(clock.today()).filter(unit=tree.centre_id).exclude(role=Role.LEADER)
    staff = set(posts.values_list("user__name", flat=True))
    return called.names_unit(centre.name, centre.short_name, county, staff, name) or any(called.names_person(one, name) for one in staff)


def units_of(accused: Accused) -> frozenset[int]:
    """The units nothing may be passed to: the one complained about and those below it; of the centre itself only it."""
    tree = directory.current()
    found: set[int] = set()
    if accused.unit_id is not None and accused.unit_id != tree.centre_id:
        found.update(unit.id for unit in tree.below(accused.unit_id))
    if tree.centre_id is not None and (accused.is_centre or accused.unit_id == tree.centre_id):
        found.add(tree.centre_id)
    return frozenset(found)


def staff_of(accused: Accused) -> set[int]:
    """Everybody who holds a post at those units, or is to; a leader of the county is nobody's staff at the centre."""
    units = units_of(accused)
    posts = Post.objects.exclude(until_on__lt=clock.today()).filter(unit__in=units) if units else Post.objects.none()
    return set(posts.exclude(unit=directory.current().centre_id or 0, role=Role.LEADER).values_list("user_id", flat=True))


def may_know(user_ids: Collection[int], accused: Accused) -> set[int]:
    """Those of them who neither belong to whom is complained about nor are named in the words."""
    staff = staff_of(accused)
    people = User.objects.filter(pk__in=user_ids).values_list("id", "name")
    return {user_id for user_id, name in people if user_id not in staff and not called.names_person(name, accused.name)}


def contacts(unit_id: int, accused: Accused) -> set[int]:
    """Readers: the discipline contacts of that unit who may know of it."""
    posts = Post.objects.current(clock.today()).filter(role=Role.DISCIPLINE, unit=unit_id, user__is_active=True)
    return {-user_id for user_id in may_know(set(posts.values_list("user_id", flat=True)), accused)}


def desk(accused: Accused) -> UnitFacts | None:
    """On whose desk a matter lies until it is sent on: the centre's, the discipline organ's when the centre is complained about.

    None in a county without a centre, or without such an organ.
    """
    tree = directory.current()
    if tree.centre_id is None or not accused.is_centre:
        return tree.units.get(tree.centre_id or 0)
    organs = [
        unit
        for unit in tree.units.values()
        if unit.is_active and unit.kind == Unit.Kind.DEPARTMENT and any(word in unit.name for word in _ORGAN_NAMES)
    ]
    return organs[0] if organs else None


def is_somebody_there(accused: Accused) -> bool:
    """The desk has a contact who may act on it: a reader who merely registered it can send nothing on."""
    found = desk(accused)
    return found is not None and bool(contacts(found.id, accused))


def about_centre(accused: Accused) -> str:
    """What the counter is told while it types a matter about its own house; nothing of any other."""
    if not accused.is_centre:
        return ""
    organ = desk(accused)
    return organ.short_name if organ else "纪检监察机关"
