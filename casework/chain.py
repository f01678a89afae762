"""The history proves itself: every case's chain is recomputed from the rows, every day's lines are sealed.

A changed line breaks its own hash; a removed line breaks the next one's or leaves the case's head and length
unmet; a case removed whole breaks the seal of the days it had lines in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from casework.models import Case, Entry, Seal
from casework.timeline import digest
from organisations import access
from organisations.models import AccessEntry

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Break:
    """The first bad row of a chain: where, and what is wrong with it, in words for the auditor."""

    where: str
    what: str


def verify_cases(case_ids: Collection[int] | None = None) -> Iterator[Break]:
    """Walk the lines of every case (or of these) in order and yield the first bad row of each broken one. Reads in batches."""
    cases, lines = Case.objects.all(), Entry.objects.order_by("case_id", "no")
    if case_ids is not None:
        cases, lines = cases.filter(pk__in=case_ids), lines.filter(case__in=case_ids)
    heads = {pk: (number, entries, head) for pk, number, entries, head in cases.values_list("pk", "number", "entries", "head_hash").iterator(_BATCH)}
    unseen = set(heads)
    case_id, previous, count, broken = 0, "", 0, False
    for entry in lines.iterator(_BATCH):
        if entry.case_id != case_id:
            if case_id and not broken:
                yield from _check_head(heads[case_id], previous, count)
            case_id, previous, count, broken = entry.case_id, "", 0, False
            unseen.discard(case_id)
        if broken:
            continue
        count += 1
        problem = _problem(entry, heads[case_id][0], previous, count)
        if problem:
            broken = True
            yield Break(f"{heads[case_id][0]} 第{entry.no}条（记录号 {entry.pk}）", problem)
        previous = entry.hash
    if case_id and not broken:
        yield from _check_head(heads[case_id], previous, count)
    for pk in sorted(unseen):
        yield Break(heads[pk][0], "没有任何历史记录")


def _problem(entry: Entry, number: str, previous: str, count: int) -> str:
    if entry.no != count:
        return f"序号不连续，应为第{count}条"
    if entry.prev_hash != previous:
        return "与上一条记录的校验值不衔接"
    if entry.hash != digest(entry, number):
        return "内容与校验值不符，记录被改动过"
    return ""


def _check_head(case: tuple[str, int, str], head: str, count: int) -> Iterator[Break]:
    number, entries, expected = case
    if entries != count or expected != head:
        yield Break(number, f"应有{entries}条历史，实有{count}条，末尾记录缺失或被改动")


def verify_access_log() -> Iterator[Break]:
    """Yield every line of the access log whose content differs from its hash."""
    for entry in AccessEntry.objects.order_by("id").iterator(_BATCH):
        if entry.hash != access.digest(entry):
            yield Break(f"访问日志 {entry.pk}", "内容与校验值不符，记录被改动过")


@transaction.atomic
def seal(today: date, now: datetime) -> Seal | None:
    """Seal all lines entered since the last seal, once a day; None when that is done or nothing was entered.

    The range goes by row id, not by date, because an imported ledger enters lines with dates long past. The
    table lock waits for writers under way, so that no line with a lower id can appear behind the seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE casework_entry IN SHARE MODE")
    last = Seal.objects.order_by("-id").first()
    if last is not None and last.day >= today - timedelta(days=1):
        return None
    after = last.last_entry if last else 0
    newest = Entry.objects.aggregate(newest=Max("id"))["newest"] or 0
    if newest <= after:
        return None
    sealed = _seal(today - timedelta(days=1), after, newest, last.hash if last else "")
    sealed.sealed_at = now
    sealed.save(force_insert=True)
    return sealed


def verify_seals(since: date = date.min, until: date = date.max) -> Iterator[Break]:
    """Recompute every seal (or those of the days `since` to `until`) from the lines in its range and yield those that differ."""
    before = Seal.objects.filter(day__lt=since).order_by("-id").first()
    previous, after = (before.hash, before.last_entry) if before else ("", 0)
    for stored in Seal.objects.filter(day__range=(since, until)).order_by("id"):
        again = _seal(stored.day, after, stored.last_entry, previous)
        if (again.hash, again.count, previous) != (stored.hash, stored.count, stored.prev_hash):
            yield Break(f"{stored.day:%Y-%m-%d} 日封", f"应有{stored.count}条记录，现有{again.count}条或内容不同")
        previous, after = stored.hash, stored.last_entry


def _seal(day: date, after: int, until: int, previous: str) -> Seal:
    total = hashlib.sha256(f"{previous}|{day.isoformat()}".encode())
    count = 0
    rows = Entry.objects.filter(id__gt=after, id__lte=until).order_by("id").values_list("hash", flat=True)
    for line in rows.iterator(_BATCH):
        total.update(line.encode())
        count += 1
    return Seal(
        day=day,
        first_entry=after + 1,
        last_entry=until,
        count=count,
        prev_hash=previous,
        hash=total.hexdigest(),
    )
