"""The inbox: a line for a unit or a person when something awaits them. Told once per key (ALL-3)."""

from __future__ import annotations

from datetime import datetime

from casework.models import Case, Notice


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
    addressee = f"u{to_unit_id}" if to_unit_id else f"p{to_user_id}"
    Notice.objects.bulk_create(
        [
            Notice(
                case=case,
                to_unit_id=to_unit_id,
                to_user_id=to_user_id,
                kind=kind,
                text=text[:200],
                at=at,
                key=f"{case.pk}:{kind}:{case.version}:{addressee}",
            )
        ],
        ignore_conflicts=True,
    )
