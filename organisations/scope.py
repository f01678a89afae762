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

from organisations import directory, prepared
from organisations.models import User
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

    def holds(self, roles: Collection[Role], unit_id: int | None = None, handler_id: int | None = None) -> Standing | None:
        """The standing with one of `roles` (at `unit_id` if given), own posts before substituted ones.

        Before both that of `handler_id`, for whom this person stands in: whose matter it is, in that name it is done («B 代 A»).
        """
        fitting = [s for s in self.standings if s.role in roles and (unit_id is None or s.unit_id == unit_id)]
        return min(fitting, key=lambda s: (s.on_behalf_of_id != handler_id, s.on_behalf_of_id is not None), default=None)


#: Posts held on a day by a person and by those they stand in for. Asked on every request, hence by hand.
_POSTS = """
SELECT p.role, p.unit_id, u.path, u.short_name, p.user_id, away.id, away.entered_by_id
  FROM (SELECT %(user)s::bigint AS user_id, NULL::bigint AS id, NULL::bigint AS entered_by_id
        UNION ALL
        (SELECT DISTINCT ON (user_id) user_id, id, entered_by_id FROM organisations_absence
          WHERE substitute_id = %(user)s::bigint AND from_on <= %(day)s::date AND until_on >= %(day)s::date AND ended_at IS NULL
          ORDER BY user_id, id DESC)) away
  JOIN organisations_post p ON p.user_id = away.user_id
  JOIN organisations_unit u ON u.id = p.unit_id
 WHERE p.from_on <= %(day)s::date AND (p.until_on IS NULL OR p.until_on >= %(day)s::date)
 ORDER BY p.id
"""


def scope_of(user: User, today: date) -> Scope:
    """Posts held today, own and substituted, as a Scope. One query."""
    with prepared.cursor() as db:
        db.execute(_POSTS, {"user": user.pk, "day": today})
        posts = db.fetchall()
    standings = tuple(
        Standing(
            role=Role(role),
            unit_id=unit_id,
            unit_ids=tuple(int(part) for part in path.strip("/").split("/")),
            unit_name=unit_name,
            user_id=user.id,
            user_name=user.name,
            on_behalf_of_id=None if absence_id is None else user_id,
            absence_id=absence_id,
        )
        for role, unit_id, path, unit_name, user_id, absence_id, _ in posts
        # A substitute stands in for a colleague's work, never for an administrator's powers (L-SEC-4).
        if absence_id is None or Role(role) not in ADMIN_ROLES
    )
    entered_by = {user_id: who for _, _, _, _, user_id, absence_id, who in posts if absence_id is not None}
    return Scope(user=user, standings=standings, readers=_readers(user, standings, entered_by))


def _readers(user: User, standings: tuple[Standing, ...], entered_by: dict[int, int]) -> tuple[int, ...]:
    """What is named to an absent colleague is read by a substitute whom that colleague chose, or who does the same job.

    A head who enters an absence for the staff cannot open to anybody else what only the named may know (L-PET-86). Nor does
    whoever belongs to the centre read, as a substitute, what is named to a colleague from elsewhere: it may be about the centre.
    """
    own_roles = {s.role for s in standings if s.on_behalf_of_id is None}
    if not standings or any(s.role in ADMIN_ROLES for s in standings):
        return ()
    readers = {s.unit_id for s in standings if ROLES[s.role].sees_unit}
    readers.add(-user.id)
    of_centre = _of_centre(standings)
    for s in standings:
        if s.on_behalf_of_id and user.id in of_centre and s.on_behalf_of_id not in of_centre:
            continue
        if s.on_behalf_of_id and (entered_by.get(s.on_behalf_of_id) == s.on_behalf_of_id or s.role in own_roles):
            readers.add(-s.on_behalf_of_id)
    return tuple(sorted(readers))


def _of_centre(standings: tuple[Standing, ...]) -> frozenset[int]:
    """Whose own post among these is at the centre; a leader of the county sits there without being its staff (L-PET-85)."""
    if all(s.on_behalf_of_id is None for s in standings):
        return frozenset()
    centre_id = directory.current().centre_id
    return frozenset(s.on_behalf_of_id or s.user_id for s in standings if s.unit_id == centre_id and s.role != Role.LEADER)
