"""`python -m bench.months --database bench_1m`: a county's month as PDF and Excel, and what freezing it costs (issue 5 §3).

Limits: PDF of at least 12 pages in 30 s and 700 MB, Excel of 30,000 rows in 20 s and 300 MB. The busiest whole month of the
database is taken; `--cases 30000` crowds it until that many were registered in it: facts of the days before are moved into it,
whole, with their tallies. Each part runs in a process of its own, so that its peak of memory is its own; nothing is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

from bench import cluster

PARTS = ("freeze", "pdf", "xlsx")
LIMITS = {"pdf": (30, 700), "xlsx": (20, 300)}


def measured(part: str, cases: int) -> dict[str, Any]:
    """One part in this process: seconds of wall and of processor, peak of memory in MB, and what was made."""
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        found = _measured(part, cases)
        transaction.set_rollback(True)
    return found


def _crowd(period: Any, wanted: int) -> int:
    """Move facts of the days before into the period until so many petitions were registered in it. Returns how many were moved."""
    from datetime import date, timedelta

    from django.db import connection
    from django.db.models import DateField, F

    from organisations import clock
    from reports.models import Fact, FactState, Restated
    from reports.queries import tallies

    petitions = Fact.objects.filter(kind="petition")
    missing = wanted - petitions.filter(registered_on__range=(period.since, period.until)).count()
    if missing <= 0:
        return 0
    step = timedelta(days=period.days)
    before = petitions.filter(registered_on__range=(period.since - step, min(period.until, clock.today()) - step))
    chosen = list(before.exclude(closed_on__gt=clock.today() - step).order_by("case_id").values_list("case_id", flat=True)[:missing])
    moved = Fact.objects.filter(pk__in=chosen)
    days = [field.attname for field in Fact._meta.concrete_fields if isinstance(field, DateField) and field.attname != "stood_from"]
    with connection.cursor() as db:
        for family in tallies.families():
            db.execute(*tallies.statement(family, moved, -1))
        moved.update(**{day: F(day) + step for day in days})
        for family in tallies.families():
            db.execute(*tallies.statement(family, moved, 1))
    # So that nothing read here is kept for anybody else, nor read from what was kept.
    FactState.objects.update(version=F("version") + 1, changed_at=clock.now())
    Restated.objects.create(since=date(1900, 1, 1), version=FactState.objects.get().version, at=clock.now())
    return len(chosen)


def _measured(part: str, cases: int) -> dict[str, Any]:
    from datetime import datetime

    from django.db import connection, transaction
    from django.db.models import Count
    from django.db.models.functions import TruncMonth
    from django.utils import timezone

    from organisations import clock, directory
    from reports.models import Fact
    from reports.month import content, frames, papers, queries, rules
    from reports.rules.periods import Span, before, filled, year_before

    # A month that is over: its last days have no holes.
    over = Fact.objects.filter(kind="petition", registered_on__lt=clock.today().replace(day=1))
    months = over.annotate(month=TruncMonth("registered_on")).values("month").annotate(n=Count("pk"))
    busiest = months.order_by("-n", "-month").first()
    assert busiest is not None, "no facts: run manage.py fill_facts (reports.refresh_facts) first"
    period = filled(Span.MONTH, busiest["month"])
    unit_id = directory.current().centre_id
    assert unit_id is not None
    moved = _crowd(period, cases)
    began, used = time.perf_counter(), time.process_time()
    found: dict[str, Any] = {"part": part, "period": rules.label(period), "registered": busiest["n"] + moved}
    if part == "freeze":
        earlier, year = before(period), year_before(period)
        where = queries.cohorts(period, earlier, year, on=(period.until, earlier.until, year.until))
        with transaction.atomic(), connection.cursor() as db:
            sql, params = Fact.objects.filter(where).order_by().values_list("case_id").query.sql_with_params()
            db.execute(f"CREATE TEMPORARY TABLE frozen ON COMMIT DROP AS SELECT f.* FROM reports_fact f WHERE case_id IN ({sql})", params)
            found["facts"] = db.rowcount
    else:
        frame = frames.Frame({**frames.names(), **frames.surroundings(unit_id, period)})
        made = content.of(frame, period, period.until, queries.Source(None))
        found["figures_s"] = round(time.perf_counter() - began, 1)
        at = datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())
        if part == "pdf":
            held, found["pages"] = papers.pdf(made, papers.Colophon(at, at))
        else:
            held = papers.workbook(made, papers.Colophon(at, at))
        found["bytes"] = len(held)
    found["seconds"] = round(time.perf_counter() - began, 1)
    found["processor_s"] = round(time.process_time() - used, 1)
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="bench_1m")
    parser.add_argument("--cases", type=int, default=0, help="crowd the month until so many petitions were registered in it (rolled back)")
    parser.add_argument("--part", choices=PARTS, help="one part in this process (how the command calls itself)")
    parser.add_argument("--here", action="store_true", help="the database of the environment instead of the bench's own")
    asked = parser.parse_args()
    if asked.part:
        print(json.dumps(measured(asked.part, asked.cases), ensure_ascii=False))
        return
    if asked.here:
        _all(dict(os.environ), asked.cases)
        return
    with cluster.serving() as env:
        _all({**os.environ, **cluster.of_database(env, asked.database)}, asked.cases)


def _all(environment: dict[str, str], cases: int) -> None:
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    print("load", *os.getloadavg())
    for part in PARTS:
        command = [sys.executable, "-m", "bench.months", "--part", part, "--cases", str(cases)]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if told.returncode:
            raise SystemExit(told.stderr)
        found = json.loads(told.stdout.splitlines()[-1])
        limit = LIMITS.get(part)
        words = (
            f"  limit {limit[0]} s, {limit[1]} MB: {'held' if found['seconds'] <= limit[0] and found['peak_mb'] <= limit[1] else 'NOT HELD'}"
            if limit
            else ""
        )
        print(told.stdout.splitlines()[-1] + words)


if __name__ == "__main__":
    main()
