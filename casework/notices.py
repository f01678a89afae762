"""The inbox: a line for a unit or a person when something awaits them. Told once per key (ALL-3)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from casework.models import Case, Notice, Reach
from organisations.models import Post


def notify(
    case: Case,
    *,
    kind: str,
    text: str,
    at: datetime,
    to_unit_id: int | None = None,
    to_user_id: int | None = None,
) -> None:
    """Tell a unit or a person. The key holds the case's version, so the same act tells once, a later one again."""
    addressees: list[tuple[int | None, int | None]] = [(to_unit_id, to_user_id)]
    if case.confidential and to_unit_id is not None:
        addressees = [(None, user_id) for user_id in _named_of(case, to_unit_id, at)]
    Notice.objects.bulk_create(
        [
            Notice(
                case=case,
                to_unit_id=unit_id,
                to_user_id=user_id,
                kind=kind,
                text=text[:200],
                at=at,
                key=f"{case.pk}:{kind}:{case.version}:{f'u{unit_id}' if unit_id else f'p{user_id}'}",
            )
            for unit_id, user_id in addressees
        ],
        ignore_conflicts=True,
    )


def _named_of(case: Case, unit_id: int, at: datetime) -> list[int]:
    """The people of the unit who are named on a protected case: its whole inbox may not learn of it (L-PET-86)."""
    named = [-reader for reader in Reach.objects.filter(case=case, reader__lt=0).values_list("reader", flat=True)]
    posts = Post.objects.current(timezone.localdate(at)).filter(unit=unit_id, user__in=named)
    return sorted(set(posts.values_list("user_id", flat=True)))
