"""Whom a sweep tells: posts rather than people, so that a vacancy, an absence or a new colleague loses nothing.

A notice to a post (unit and role) is read by whoever holds it when they look, and by who stands in for them. Read once
per sweep: about a thousand posts, as plain values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from organisations import directory
from organisations.directory import Directory
from organisations.models import Absence, Post
from organisations.roles import ADMIN_ROLES, ROLES, Role

#: Roles that do the work of a unit: whom a notice to the whole unit means.
WORKING = frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.HEAD, Role.VILLAGE_CADRE, Role.OVERSEER})


@dataclass(frozen=True, slots=True)
class Addressee:
    """A post (`unit_id`, and `role` unless the whole unit is meant), or a person."""

    unit_id: int | None = None
    role: str = ""
    user_id: int | None = None

    @property
    def key(self) -> str:
        return f"p{self.user_id}" if self.user_id else f"u{self.unit_id}{self.role}"


@dataclass(frozen=True, slots=True)
class Matter:
    """What addressing needs to know of a case and of the duty on it. `readers` are those of its Reach rows."""

    unit_id: int
    case_unit_id: int
    handler_id: int | None
    is_protected: bool
    readers: frozenset[int]
    sponsor_id: int | None = None


@dataclass(frozen=True)
class Staff:
    """Who holds which post on a day, and who stands in for whom."""

    tree: Directory
    holders: dict[tuple[int, str], frozenset[int]]
    posts: dict[int, frozenset[tuple[int, str]]]
    blind_substitutes: dict[int, frozenset[int]]
    substitutes: dict[int, frozenset[int]] = field(default_factory=dict)

    # -- the parts a plan speaks of ------------------------------------------------------------------------------------------------

    def handler(self, matter: Matter) -> set[Addressee]:
        """Who has the duty: the person named, or the unit when nobody is; with the substitute who does not read that inbox."""
        person = matter.handler_id if matter.unit_id == matter.case_unit_id else None
        if person is not None and self._sees(person, matter):
            stand_ins = {s for s in self.blind_substitutes.get(person, ()) if not matter.is_protected and self._sees_for(s, person, matter)}
            return {Addressee(user_id=person), *(Addressee(user_id=s) for s in stand_ins)}
        if matter.is_protected:
            return self._named(matter, lambda unit_id, role: unit_id == matter.unit_id)
        if matter.unit_id == self.tree.centre_id:
            return self.post(matter.unit_id, Role.OFFICE, matter)
        if any(unit_id == matter.unit_id for unit_id, role in self.holders if role in WORKING):
            return self._in_sight({Addressee(unit_id=matter.unit_id)}, matter)
        return self.post(matter.unit_id, Role.HEAD, matter)

    def post(self, unit_id: int, role: Role, matter: Matter) -> set[Addressee]:
        """The post at the unit, or at the nearest unit above that has somebody in it."""
        if matter.is_protected:
            # On a protected case the discipline contact stands for every role (casework.rules.who).
            return self._named(matter, lambda at, held: held == Role.DISCIPLINE or (at == unit_id and held == role))
        found = self.nearest(unit_id, role)
        return self._in_sight({Addressee(unit_id=found, role=role)}, matter) if found is not None else set()

    def head(self, matter: Matter) -> set[Addressee]:
        return self.post(matter.unit_id, Role.HEAD, matter)

    def office(self, matter: Matter) -> set[Addressee]:
        return self.post(self.tree.centre_id, Role.OFFICE, matter) if self.tree.centre_id else set()

    def lead(self, matter: Matter) -> set[Addressee]:
        """The lead official: who sponsors the case (包案), else the county's leaders (L-PET-25, L-CLS-42)."""
        if matter.sponsor_id is not None and self._sees(matter.sponsor_id, matter):
            return {Addressee(user_id=matter.sponsor_id)}
        return self.post(self.tree.centre_id, Role.LEADER, matter) if self.tree.centre_id else set()

    def named(self, matter: Matter) -> set[Addressee]:
        """Everybody named on a protected case who still holds a post: the last resort, so that it is not missed."""
        return self._named(matter, lambda unit_id, role: True)

    # -- who that is -----------------------------------------------------------------------------------------------------------------

    def nearest(self, unit_id: int, role: str) -> int | None:
        """The unit itself or the nearest above at which somebody holds the role today."""
        unit = self.tree.units.get(unit_id)
        if unit is None:
            return None
        return next((at for at in reversed(unit.ancestor_ids) if (at, role) in self.holders), None)

    def people(self, to: Addressee) -> set[int]:
        """The persons meant today, with their substitutes: for the ways out of the house."""
        if to.user_id is not None:
            # A substitute who does not read this inbox has a notice of their own.
            return {to.user_id} | (self.substitutes.get(to.user_id, frozenset()) - self.blind_substitutes.get(to.user_id, frozenset()))
        roles = {to.role} if to.role else WORKING
        found = {person for role in roles for person in self.holders.get((to.unit_id or 0, role), ())}
        return found | {substitute for person in found for substitute in self.substitutes.get(person, ())}

    def _named(self, matter: Matter, fits: Callable[[int, str], bool]) -> set[Addressee]:
        named = {-reader for reader in matter.readers if reader < 0}
        return {Addressee(user_id=person) for person in named if any(fits(*post) for post in self.posts.get(person, ()))}

    def _in_sight(self, found: set[Addressee], matter: Matter) -> set[Addressee]:
        return {to for to in found if to.unit_id in matter.readers}

    def _sees(self, person: int, matter: Matter) -> bool:
        posts = self.posts.get(person)
        if not posts:
            return False
        return -person in matter.readers or any(unit_id in matter.readers and ROLES[Role(role)].sees_unit for unit_id, role in posts)

    def _sees_for(self, substitute: int, person: int, matter: Matter) -> bool:
        """Whether the substitute sees the case by their own posts or by those they stand in for."""
        if self._sees(substitute, matter):
            return True
        return any(unit_id in matter.readers and ROLES[Role(role)].sees_unit for unit_id, role in self.posts.get(person, ()))


def staff(today: date) -> Staff:
    """Posts and absences as of a day. Three statements."""
    holders: dict[tuple[int, str], set[int]] = defaultdict(set)
    posts: dict[int, set[tuple[int, str]]] = defaultdict(set)
    held = Post.objects.current(today).filter(user__is_active=True).exclude(role__in=ADMIN_ROLES)
    for person, unit_id, role in held.values_list("user_id", "unit_id", "role"):
        holders[unit_id, role].add(person)
        posts[person].add((unit_id, role))
    substitutes: dict[int, set[int]] = defaultdict(set)
    blind: dict[int, set[int]] = defaultdict(set)
    running = Absence.objects.filter(from_on__lte=today, until_on__gte=today, ended_at=None, substitute__is_active=True)
    for person, substitute, entered_by in running.values_list("user_id", "substitute_id", "entered_by_id"):
        substitutes[person].add(substitute)
        # The rule of organisations.scope: whom the absent person chose, or who does the same job, reads their inbox.
        if entered_by != person and not {role for _, role in posts[substitute]} & {role for _, role in posts[person]}:
            blind[person].add(substitute)
    return Staff(
        tree=directory.current(),
        holders={key: frozenset(found) for key, found in holders.items()},
        posts={key: frozenset(found) for key, found in posts.items()},
        blind_substitutes={key: frozenset(found) for key, found in blind.items()},
        substitutes={key: frozenset(found) for key, found in substitutes.items()},
    )
