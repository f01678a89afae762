"""What can be asked about people and units: the contact book, accounts, posts, absences, lookups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from organisations import directory
from organisations.directory import UnitFacts
from organisations.models import Absence, AccessEntry, Post, User
from organisations.roles import ADMIN_ROLES, Role
from organisations.scope import Scope

#: How many answers a lookup shows, and how many rows a page of a console has.
LOOKUP = 12
PAGE = 50
#: Who leads a unit: a station, bureau or centre its head; a village's room its cadre.
LEADING = frozenset({Role.HEAD, Role.VILLAGE_CADRE})


@dataclass(frozen=True, slots=True)
class Contact:
    """A post as the contact book shows it; `absence` when the holder is away today."""

    post: Post
    absence: Absence | None


def find_units(words: str, *, active_only: bool = True, most: int = LOOKUP) -> list[UnitFacts]:
    """Units by name or pinyin initials, best first: those that begin so before those that contain it."""
    sought = words.strip().lower()
    units = [u for u in directory.current().units.values() if u.is_active or not active_only]
    if not sought:
        return units[:most]

    def rank(unit: UnitFacts) -> int:
        keys = unit.initials.split()
        if sought in (unit.short_name, unit.name):
            return 0
        if unit.short_name.startswith(sought) or any(key.startswith(sought) for key in keys):
            return 1
        if sought in unit.name or sought in unit.short_name:
            return 2
        return 3 if any(sought in key for key in keys) else 9

    ranked = sorted((rank(unit), len(unit.short_name), unit.id, unit) for unit in units)
    return [unit for score, _, _, unit in ranked if score < 9][:most]


def people(words: str) -> QuerySet[User]:
    """People by name, login name or pinyin initials; never the clock's row."""
    found = User.objects.filter(is_clock=False).order_by("username")
    sought = words.strip()
    if sought:
        low = sought.lower()
        found = found.filter(
            Q(name__contains=sought) | Q(username__istartswith=sought) | Q(initials__startswith=low) | Q(initials__contains=f" {low}")
        )
    return found


def units_of(user_ids: Collection[int], today: date) -> dict[int, list[Post]]:
    """Posts held today, by person."""
    found: dict[int, list[Post]] = {}
    for post in Post.objects.current(today).filter(user__in=user_ids).select_related("unit").order_by("id"):
        found.setdefault(post.user_id, []).append(post)
    return found


def leaver(user_id: int, by: Scope, today: date) -> User | None:
    """Whose open items this person may hand over: one's own, those of a unit one leads, as the centre's office anybody's."""
    found = None if by.is_admin else User.objects.filter(pk=user_id, is_clock=False).first()
    if found is None or found.id == by.user.id or by.holds({Role.OFFICE}) is not None:
        return found
    theirs = {post.unit_id for post in units_of([found.id], today).get(found.id, [])}
    return found if any(standing.role in LEADING and standing.unit_id in theirs for standing in by.standings) else None


def away(user_ids: Collection[int], today: date) -> dict[int, Absence]:
    """Who of these is away today, and who stands in."""
    rows = Absence.objects.filter(user__in=user_ids, from_on__lte=today, until_on__gte=today, ended_at=None).select_related("substitute")
    return {absence.user_id: absence for absence in rows}


def contacts(unit_id: int, today: date) -> list[Contact]:
    """Who holds which post at a unit today."""
    return _contacts(Post.objects.current(today).filter(unit=unit_id), today)


def contacts_by_words(words: str, today: date) -> list[Contact]:
    """People found by name or initials, with their posts."""
    return _contacts(Post.objects.current(today).filter(user__in=people(words).values("id")), today)


def _contacts(posts: QuerySet[Post], today: date) -> list[Contact]:
    held = list(posts.filter(user__is_active=True).select_related("user", "unit").order_by("unit__path", "id")[: PAGE * 2])
    gone = away({post.user_id for post in held}, today)
    return [Contact(post, gone.get(post.user_id)) for post in held]


def colleagues(user_id: int, today: date) -> QuerySet[User]:
    """Active people of the same units, for choosing a substitute."""
    units = Post.objects.current(today).filter(user=user_id).exclude(role__in=ADMIN_ROLES).values("unit")
    return (
        User.objects.filter(id__in=Post.objects.current(today).filter(unit__in=units).exclude(role__in=ADMIN_ROLES).values("user"), is_active=True)
        .exclude(id=user_id)
        .order_by("name")
    )


def staff(scope: Scope, today: date) -> QuerySet[User]:
    """For whom a person may enter an absence: oneself, and as head the people of the same unit."""
    units = [s.unit_id for s in scope.standings if s.role == Role.HEAD]
    theirs = Post.objects.current(today).filter(unit__in=units).exclude(role__in=ADMIN_ROLES).values("user")
    return User.objects.filter(Q(id=scope.user.id) | Q(id__in=theirs), is_active=True).order_by("name")


def absences(user_ids: Collection[int] | None, today: date) -> QuerySet[Absence]:
    """Running and coming absences, all or of these people."""
    rows = Absence.objects.filter(until_on__gte=today, ended_at=None).select_related("user", "substitute", "entered_by").order_by("from_on", "id")
    return rows if user_ids is None else rows.filter(user__in=user_ids)


def substitutions(user_id: int, today: date) -> QuerySet[Absence]:
    return absences(None, today).filter(substitute=user_id)


def posts(*, words: str, unit_id: int | None, role: str, ended: bool, today: date) -> QuerySet[Post]:
    """The security administrator's list of posts."""
    rows = Post.objects.select_related("user", "unit", "appointed_by").order_by("unit__path", "user__name", "id")
    rows = rows.filter(until_on__lt=today) if ended else rows.filter(Q(until_on=None) | Q(until_on__gte=today))
    if words.strip():
        rows = rows.filter(user__in=people(words).values("id"))
    if unit_id:
        rows = rows.filter(unit=unit_id)
    return rows.filter(role=role) if role else rows


def recent_sign_ins(user_id: int) -> QuerySet[AccessEntry]:
    events = [AccessEntry.Event.SIGN_IN, AccessEntry.Event.SIGN_IN_FAILED, AccessEntry.Event.LOCKED]
    return AccessEntry.objects.filter(user=user_id, event__in=events).order_by("-id")[:10]
