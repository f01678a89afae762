"""`python -m bench.reminders --database bench_1m`: the reminder sweep over 1,000,000 open limits, and the counts of home pages.

Nothing stays: limits are opened and made due inside a transaction that is rolled back, so the sweep's own transactions are
savepoints there (a commit of each of its batches would add a few milliseconds a thousand limits). Prints and keeps Markdown.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bench import cluster

if TYPE_CHECKING:
    from casework.queries.filters import Filters
    from organisations.scope import Scope

RESULTS = Path(__file__).parent / "results"
OPEN = 1_000_000
#: What the issue demands (§5): seconds and megabytes of the sweep, milliseconds of a home page's counts.
MOST_SECONDS, MOST_MB, MOST_MS = 30.0, 200, 30.0
ROUNDS = 20

# Enough limits run: those of closed cases are opened again, one of each kind a case. What runs is due on days spread over three
# months; its next day lies ahead.
_OPEN = """
UPDATE casework_deadline d SET met_on = NULL, dropped_on = NULL, suspended_on = NULL, remind_on = %(today)s::date + 1 + (d.id %% 30)::int,
       due_on = %(today)s::date - 20 + (d.id %% 90)::int
FROM (SELECT DISTINCT ON (e.case_id, e.key, e.unit_id) e.id FROM casework_deadline e
      WHERE (e.met_on IS NOT NULL OR e.dropped_on IS NOT NULL) AND NOT EXISTS (
          SELECT FROM casework_deadline r WHERE r.case_id = e.case_id AND r.key = e.key AND r.unit_id IS NOT DISTINCT FROM e.unit_id
          AND r.met_on IS NULL AND r.dropped_on IS NULL)
      LIMIT %(count)s) chosen
WHERE d.id = chosen.id
"""
_AHEAD = "UPDATE casework_deadline SET remind_on = %s::date + 1 + (id %% 30)::int WHERE met_on IS NULL AND dropped_on IS NULL"
# So many are due today, each on one of the days of appendix C.
_DUE = """
UPDATE casework_deadline d SET remind_on = %(today)s::date, due_on = %(today)s::date - (ARRAY[-15, -7, -3, -1, 0, 1, 3, 7, 14, 21])[1 + d.id %% 10]
WHERE d.id IN (SELECT id FROM casework_deadline WHERE met_on IS NULL AND dropped_on IS NULL AND suspended_on IS NULL AND is_duty
               ORDER BY md5(id::text) LIMIT %(count)s)
"""
_RUNNING = "SELECT count(*) FROM casework_deadline WHERE met_on IS NULL AND dropped_on IS NULL"


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside is undone."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def one(sql: str, *params: object) -> int:
    from django.db import connection

    with connection.cursor() as db:
        db.execute(sql, list(params))
        return int(db.fetchone()[0])


def sweep(due: int) -> tuple[int, int, int, int, float, int, int]:
    """Open limits, due today, looked at, told, seconds, megabytes at the most and of them before the sweep."""
    from django.db import connection

    from casework import reminding
    from organisations import clock

    today = clock.today()
    with rolled_back():
        missing = OPEN - one(_RUNNING)
        with connection.cursor() as db:
            db.execute(_AHEAD, [today])
            if missing > 0:
                db.execute(_OPEN, {"today": today, "count": missing})
            db.execute(_DUE, {"today": today, "count": due})
            db.execute("ANALYZE casework_deadline")
        running = one(_RUNNING)
        before, base = one("SELECT count(*) FROM casework_notice"), _peak()
        began = time.perf_counter()
        looked = reminding.sweep()
        seconds = time.perf_counter() - began
        return running, due, looked, one("SELECT count(*) FROM casework_notice") - before, seconds, _peak(), base


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def homes() -> list[tuple[str, float, float, float]]:
    """Role, p50 and worst of the counts of the home page, p50 of all it reads, in milliseconds, for the busiest holder of each role."""
    from django.db import connection

    from casework.queries import cards, home, inbox, lists
    from organisations import clock
    from organisations.models import User
    from organisations.roles import ADMIN_ROLES, ROLES, Role
    from organisations.scope import scope_of

    measured = []
    for role in Role:
        if role in ADMIN_ROLES:
            continue
        with connection.cursor() as db:
            db.execute(
                "SELECT p.user_id FROM organisations_post p JOIN organisations_user u ON u.id = p.user_id AND u.is_active "
                "LEFT JOIN casework_reach r ON r.reader = p.unit_id AND r.is_open WHERE p.role = %s "
                "AND p.from_on <= %s AND (p.until_on IS NULL OR p.until_on >= %s) GROUP BY p.user_id ORDER BY count(r.reader) DESC LIMIT 1",
                [role.value, clock.today(), clock.today()],
            )
            found = db.fetchone()
        if found is None:
            continue
        scope = scope_of(User.objects.get(pk=found[0]), clock.today())
        page = home.of(scope)
        filters = [section.filters for section in [*page.sections, *page.figures, *page.pinned]]

        def counts(scope: Scope = scope, filters: list[Filters] = filters) -> None:
            lists.counts(scope, filters)
            cards.to_sign(scope)
            inbox.unread(scope)

        counted, whole = _milliseconds(counts), _milliseconds(partial(home.of, scope))
        measured.append((ROLES[role].label, statistics.median(counted), max(counted), statistics.median(whole)))
    return measured


def _milliseconds(does: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        does()
        times.append((time.perf_counter() - began) * 1000)
    return times


def work(env: dict[str, str], pipe: object) -> None:
    os.environ.update(env, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR")
    import django

    django.setup()
    # First: what the sweep leaves behind when it is rolled back, a million dead rows, is nothing a home page meets.
    pages = homes()
    lines = ["| open limits | due today | looked at | told | seconds | peak MB (before) | meets |", "|---|---|---|---|---|---|---|"]
    for wanted in (33_000, 100_000):
        running, due, looked, told, seconds, peak, base = sweep(wanted)
        meets = "yes" if seconds <= MOST_SECONDS and peak <= MOST_MB and looked >= due else "**no**"
        lines.append(f"| {running:,} | {due:,} | {looked:,} | {told:,} | {seconds:.1f} | {peak} ({base}) | {meets} |")
    lines += ["", "| home page of | its counts, p50 ms | worst ms | meets | all it reads, p50 ms |", "|---|---|---|---|---|"]
    lines += [f"| {label} | {p50:.1f} | {worst:.1f} | {'yes' if p50 <= MOST_MS else '**no**'} | {whole:.1f} |" for label, p50, worst, whole in pages]
    pipe.send("\n".join(lines))  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reminders", description=__doc__)
    parser.add_argument("--database", default="bench_1m")
    asked = parser.parse_args()
    began, load = datetime.now(ZoneInfo("Asia/Shanghai")), os.getloadavg()[0]
    spawn = multiprocessing.get_context("spawn")
    with cluster.serving() as env:
        mine, theirs = spawn.Pipe(duplex=False)
        worker = spawn.Process(target=work, args=(cluster.of_database(env, asked.database), theirs))
        worker.start()
        theirs.close()
        try:
            table = mine.recv()
        except EOFError:
            worker.join()
            return 1
        worker.join()
    text = f"# Reminders, {began:%Y-%m-%d %H:%M}, {asked.database}, load {load:.1f}\n\n{table}\n"
    sys.stdout.write("\n" + text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{began:%Y%m%d-%H%M}-reminders-{asked.database}.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
