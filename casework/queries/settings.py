"""The limits as settings: which version holds today, what was before, what is coming (L-PET-24, L-CUR-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from casework import limits
from casework.models import Limit

#: Limits by the leading part of their key, in the order of the page.
GROUPS = (
    ("pet", "信访"),
    ("med", "调解"),
    ("zz", "综治中心"),
    ("vil", "村务"),
    ("auc", "拍卖"),
    ("tender", "招标投标"),
    ("risk", "稳评"),
    ("sec", "信息安全"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """One limit with its versions, newest first. `now` is the one that holds today, `coming` the one that begins later."""

    key: str
    is_set_here: bool
    now: Limit
    coming: Limit | None
    versions: tuple[Limit, ...]


def every(today: date) -> list[tuple[str, list[Held]]]:
    """All limits by group. One statement."""
    by_key: dict[str, list[Limit]] = {}
    for row in Limit.objects.select_related("set_by").order_by("id"):
        by_key.setdefault(row.key, []).append(row)
    found = [_held(key, rows, today) for key, rows in by_key.items()]
    groups = [(label, [held for held in found if held.key.split(".")[0] == prefix]) for prefix, label in GROUPS]
    return [(label, rows) for label, rows in groups if rows]


def one(key: str, today: date) -> Held | None:
    rows = list(Limit.objects.filter(key=key).select_related("set_by"))
    return _held(key, rows, today) if rows else None


def _held(key: str, rows: list[Limit], today: date) -> Held:
    versions = tuple(sorted(rows, key=lambda row: row.valid_from, reverse=True))
    now = next((row for row in versions if row.valid_from <= today), versions[-1])
    coming = versions[0] if versions[0].valid_from > today else None
    return Held(key, key not in limits.SAID_ELSEWHERE, now, coming, versions)
