"""The lamp: how near the due date is, by one rule everywhere (DESIGN §5, §19; L-PET-25).

Amber from the first warning day of the limit up to and including the due day, red only once the date has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Lamp:
    """`kind` is ok, warn, bad, off or none; `text` what a person reads; `title` the exact date."""

    kind: str
    text: str
    title: str


def lamp(due_on: date | None, warn_on: date | None, closed_at: datetime | None, today: date) -> Lamp:
    """The lamp of a case on a day. No due date on an open case means that nobody's clock runs."""
    if closed_at is not None:
        return Lamp("off", "已办结", f"{timezone.localtime(closed_at):%Y-%m-%d} 办结")
    if due_on is None:
        return Lamp("none", "无期限", "当前没有计时的期限")
    left = (due_on - today).days
    title = f"{due_on:%Y-%m-%d} 到期"
    if left < 0:
        return Lamp("bad", f"超 {-left} 天", title)
    if left == 0:
        return Lamp("warn", "今日到期", title)
    kind = "warn" if warn_on is not None and warn_on <= today else "ok"
    return Lamp(kind, f"余 {left} 天", title)
