"""`python -m bench.figures --database bench_1m`: what the leaders' dashboard costs, from facts that just changed and when nothing did.

Just changed: the facts' version has risen (somebody acted), everything of the running days is read again. Restated: something was
entered for a day long over, so that the past is read again too. Unchanged: the same asked again, kept in the cache. Beside it:
what refresh costs per act, and what the triggers add to the statements of an act. Prints Markdown; nothing stays in the
database but the facts' version, which rises, and that a day long over was restated.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from bench import cluster

TIMES = 9
#: What the issue demands (§2), milliseconds.
MOST_COLD, MOST_UNCHANGED = 300, 50


def measured(work: Callable[[], Any], between: Callable[[], Any] = lambda: None) -> tuple[float, float, float]:
    """Fastest, median and slowest of several runs, in milliseconds."""
    took = []
    for _ in range(TIMES):
        between()
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return min(took), statistics.median(took), max(took)


def row(name: str, found: tuple[float, float, float], most: float | None = None) -> None:
    limit = "" if most is None else f"{most} ms: {'kept' if found[1] <= most else 'MISSED'}"
    sys.stdout.write(f"| {name} | {found[0]:.1f} | {found[1]:.1f} | {found[2]:.1f} | {limit} |\n")


def reading() -> None:
    """The dashboard's numbers by span, and the whole page through the door."""
    from django.db.models import F
    from django.test import Client

    from organisations import clock, directory, sessions
    from organisations.models import Post
    from organisations.roles import Role
    from reports.models import FactState, Restated
    from reports.queries import figures, ground
    from reports.rules.periods import Period, Span, before, period_of, year_before

    today = clock.today()
    centre = directory.current().centre_id or 0
    leader = Post.objects.current(today).filter(role=Role.LEADER, unit=centre, user__is_active=True).select_related("user").first()

    def change() -> None:
        FactState.objects.update(version=F("version") + 1)

    def restate() -> None:
        change()
        newest = {"version": FactState.objects.get().version, "at": clock.now()}
        Restated.objects.update_or_create(since=date(2000, 1, 1), defaults=newest)

    six = ["visitors", "cases", "reply_on_time", "once", "satisfaction"]
    for span in (Span.MONTH, Span.YEAR):
        where = figures.Selection(period_of(span, today), today, ground.of_unit(centre))
        then, last = before(where.period), year_before(where.period)
        weeks = where.within(period=Period(today - timedelta(days=83), today))
        parts: dict[str, Callable[[], Any]] = {
            "five dated figures": partial(figures.read_many, six, where),
            "the same, the period before": partial(figures.read_many, six, where.within(period=then, on=then.until)),
            "the same, a year ago": partial(figures.read_many, six, where.within(period=last, on=last.until)),
            "stock: open, overdue, near": partial(figures.read_many, ["open", "overdue", "near"], where),
            "by unit: three shares": partial(figures.split, ["reply_on_time", "once", "satisfaction"], where, "unit"),
            "by unit: stock and lamps": partial(figures.split, ["open", "overdue", "near"], where, "unit"),
            "by town": partial(figures.split, ["cases"], where, "town"),
            "by category": partial(figures.split, ["cases"], where, "subcategory"),
            "84 days, six measures": partial(figures.split, [*six, "closed"], weeks, "day"),
        }
        for name, work in parts.items():
            row(f"{span.value}: {name}", measured(work))
        row(f"{span.value}: all of these", measured(partial(_each, parts.values())), MOST_COLD)
        if leader is not None:
            browser = Client(headers={"host": "127.0.0.1"})
            browser.force_login(leader.user, backend="django.contrib.auth.backends.ModelBackend")
            session = browser.session
            sessions.begin(session, idle_minutes=30, must_enrol=False)
            session.save()
            page = partial(browser.get, f"/reports/?span={span.value}")
            page()
            row(f"{span.value}: page, facts just changed", measured(page, change), MOST_COLD)
            row(f"{span.value}: page, a day long over restated", measured(page, restate), MOST_COLD)
            page()
            row(f"{span.value}: page, nothing changed", measured(page), MOST_UNCHANGED)


def _each(works: Iterable[Callable[[], Any]]) -> None:
    for work in works:
        work()


def writing() -> None:
    """What a refresh of 1 and of 1,000 touched cases costs, and what a trigger adds to a statement; rolled back."""
    from django.db import connection, transaction

    from reports.actions import refresh

    def touched(count: int) -> Callable[[], None]:
        def mark() -> None:
            with connection.cursor() as db:
                db.execute(
                    "INSERT INTO reports_stale (case_id) SELECT case_id FROM reports_fact WHERE closed_on IS NULL "
                    "ORDER BY md5(case_id::text) LIMIT %s",
                    [count],
                )

        return mark

    for count in (1, 100, 1000):
        row(f"refresh of {count} touched cases", measured(refresh.refresh, touched(count)))
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT id FROM casework_deadline ORDER BY id DESC LIMIT 1")
        pk = db.fetchone()[0]
        took = []
        for _ in range(50):
            db.execute("EXPLAIN (ANALYZE) UPDATE casework_deadline SET name = name WHERE id = %s", [pk])
            took += [float(line.partition("time=")[2].split()[0]) for (line,) in db.fetchall() if "reports_deadline" in line]
        transaction.set_rollback(True)
    sys.stdout.write(f"\nThe trigger of reports takes {statistics.median(took) * 1000:.0f} µs of a statement, {min(took) * 1000:.0f} at least.\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="bench_1m")
    database = parser.parse_args().database
    with cluster.serving() as env:
        os.environ.update(cluster.of_database(env, database))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from reports.actions import refresh
        from reports.models import Fact

        # As beat does each minute; after a change of the dictionary it adds the tallies up anew, which takes a while.
        began = time.perf_counter()
        refresh.refresh()
        sys.stdout.write(f"The first refresh took {time.perf_counter() - began:.1f} s.\n")

        sys.stdout.write(f"{Fact.objects.count():,} facts, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n")
        sys.stdout.write("| what | fastest ms | median | slowest | demanded |\n|---|---|---|---|---|\n")
        reading()
        writing()


if __name__ == "__main__":
    main()
