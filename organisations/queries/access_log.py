"""Searching the access log (L-SEC-5…7). Keyset paging by id: the last page is as fast as the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from organisations.models import AccessEntry

PAGE = 50


@dataclass(frozen=True, slots=True)
class Sought:
    """What the auditor asks for; empty fields do not narrow."""

    user_id: int | None = None
    event: str = ""
    words: str = ""
    from_on: date | None = None
    until_on: date | None = None
    result: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Sought()


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[AccessEntry]
    older: int | None
    newer: int | None


def entries(sought: Sought) -> QuerySet[AccessEntry]:
    rows = AccessEntry.objects.select_related("unit").order_by("-id")
    if sought.user_id:
        rows = rows.filter(user=sought.user_id)
    if sought.event:
        rows = rows.filter(event=sought.event)
    if sought.words:
        rows = rows.filter(object_label__contains=sought.words)
    if sought.from_on:
        rows = rows.filter(at__gte=_midnight(sought.from_on))
    if sought.until_on:
        rows = rows.filter(at__lt=_midnight(sought.until_on + timedelta(days=1)))
    if sought.result:
        rows = rows.filter(succeeded=sought.result == "ok")
    return rows


def page(sought: Sought, *, before: int | None = None, after: int | None = None) -> Page:
    rows = entries(sought)
    if after is not None:
        found = list(rows.filter(id__gt=after).order_by("id")[: PAGE + 1])
        more = len(found) > PAGE
        found = found[:PAGE][::-1]
        return Page(found, older=found[-1].id if found else None, newer=found[0].id if found and more else None)
    found = list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    return Page(found, older=found[-1].id if more else None, newer=found[0].id if before and found else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
