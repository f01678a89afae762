"""Who is asking, by which posts, and what they may see. One frozen `Scope` per request (architecture §6).

*See*: a case is visible if one of the scope's readers has a `casework.Reach` row for it: the unit of a post (which
has a row when it or a unit below it is or was responsible, or answers for the place), or the person by name.
*Do*: `standings` are the posts a person acts by, their own and those of absent colleagues they stand in for;
which of them an act needs is the act's own table (`rules.STEPS`). An administrator's scope has no readers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from organisations.models import Absence, Post, User
from organisations.roles import ADMIN_ROLES, ROLES, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """One post somebody may act by. `on_behalf_of_id` and `absence_id` are set when it is a colleague's."""

    role: Role
    unit_id: int
    unit_ids: tuple[int, ...]
    unit_name: str
    user_id: int
    user_name: str
    on_behalf_of_id: int | None = None
    absence_id: int | None = None

    @property
    def label(self) -> str:
        """How history names the actor's office: «县中心 · 中心分流员»."""
        return f"{self.unit_name} · {ROLES[self.role].label}"


@dataclass(frozen=True, slots=True)
class Scope:
    user: User
    standings: tuple[Standing, ...]
    readers: tuple[int, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(standing.role for standing in self.standings)

    @property
    def is_admin(self) -> bool:
        return any(standing.role in ADMIN_ROLES for standing in self.standings)

    @property
    def home(self) -> Standing | None:
        """The first of the person's own posts: where they sit."""
        return next((s for s in self.standings if s.on_behalf_of_id is None), None)

    @property
    def unit_ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(s.unit_id for s in self.standings))

    def holds(self, roles: Collection[Role], unit_id: int | None = None) -> Standing | None:
        """The standing with one of `roles` (at `unit_id` if given), own posts before substituted ones."""
        fitting = [s for s in self.standings if s.role in roles and (unit_id is None or s.unit_id == unit_id)]
        return min(fitting, key=lambda s: s.on_behalf_of_id is not None, default=None)


def scope_of(user: User, today: date) -> Scope:
    """Posts held today, own and substituted, as a Scope. One query, two when somebody is stood in for."""
    posts = list(
        Post.objects.current(today)
        .filter(
            Q(user=user) | Q(user__in=Absence.objects.filter(substitute=user, from_on__lte=today, until_on__gte=today, ended_at=None).values("user"))
        )
        .select_related("unit", "user")
        .order_by("id")
    )
    absences: dict[int, int] = {}
    entered_by: dict[int, int] = {}
    if any(post.user_id != user.id for post in posts):
        running = Absence.objects.filter(substitute=user, from_on__lte=today, until_on__gte=today, ended_at=None)
        for absent_id, absence_id, who_id in running.values_list("user_id", "id", "entered_by_id"):
            absences[absent_id], entered_by[absent_id] = absence_id, who_id
    standings = tuple(
        Standing(
            role=Role(post.role),
            unit_id=post.unit_id,
            unit_ids=post.unit.ancestor_ids,
            unit_name=post.unit.short_name,
            user_id=user.id,
            user_name=user.name,
            on_behalf_of_id=None if post.user_id == user.id else post.user_id,
            absence_id=None if post.user_id == user.id else absences[post.user_id],
        )
        for post in posts
        # A substitute stands in for a colleague's work, never for an administrator's powers (L-SEC-4).
        if post.user_id == user.id or Role(post.role) not in ADMIN_ROLES
    )
    return Scope(user=user, standings=standings, readers=_readers(user, standings, entered_by))


def _readers(user: User, standings: tuple[Standing, ...], entered_by: dict[int, int]) -> tuple[int, ...]:
    """What is named to an absent colleague is read by a substitute whom that colleague chose, or who does the same job.

    A head who enters an absence for the staff cannot open to anybody else what only the named may know (L-PET-86).
    """
    own_roles = {s.role for s in standings if s.on_behalf_of_id is None}
    if not standings or any(s.role in ADMIN_ROLES for s in standings):
        return ()
    readers = {s.unit_id for s in standings if ROLES[s.role].sees_unit}
    readers.add(-user.id)
    for s in standings:
        if s.on_behalf_of_id and (entered_by.get(s.on_behalf_of_id) == s.on_behalf_of_id or s.role in own_roles):
            readers.add(-s.on_behalf_of_id)
    return tuple(sorted(readers))
