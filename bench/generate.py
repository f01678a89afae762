"""`python -m bench.generate --cases 1000000`: a database of its own, filled with a county and its cases of six years.

The rows are written by several processes straight into COPY, with triggers off and no index to keep up; indexes are
made afterwards, then a sample of the histories is proved by the product's own verifier. Times go to standard output.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import time
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg

from bench import cluster

_work: dict[str, Any] = {}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="default: bench_1m, bench_100k … by the number of cases")
    parser.add_argument("--county", default="370685", help="one of the six counties of organisations/data/divisions.csv")
    parser.add_argument("--years", type=float, default=6.0)
    parser.add_argument("--until", type=date.fromisoformat, default=date.today() - timedelta(days=1))  # noqa: DTZ011
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--verify-all", action="store_true", help="prove every history, not a sample of 2,000")
    asked = parser.parse_args()
    database = asked.database or name_for(asked.cases)
    with cluster.serving(cluster.LOADING) as env:
        with psycopg.connect(env["DATABASE_URL"], autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{database}"')
        os.environ.update(cluster.of_database(env, database))
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        fill(asked)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    mine = resource.getrusage(resource.RUSAGE_SELF)
    total = sum(part.ru_utime + part.ru_stime for part in (used, mine))
    sys.stdout.write(f"CPU seconds in all, PostgreSQL's included where this command started it: {total:,.0f}\n")
    return 0


def name_for(cases: int) -> str:
    """bench_1m, bench_100k, bench_20000."""
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if cases >= size and cases % size == 0:
            return f"bench_{cases // size}{letter}"
    return f"bench_{cases}"


class Stopwatch:
    def __init__(self) -> None:
        self.began = self.last = time.monotonic()

    def say(self, words: str) -> None:
        now = time.monotonic()
        sys.stdout.write(f"{now - self.began:7.1f} s  (+{now - self.last:6.1f})  {words}\n")
        sys.stdout.flush()
        self.last = now


def fill(asked: argparse.Namespace) -> None:
    """Everything from an empty database to an analysed one."""
    import django

    django.setup()
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection

    from bench import county, loading, writing
    from casework import limits

    watch = Stopwatch()
    for table in writing.TABLES.values():
        table.check()
    cache.clear()
    call_command("migrate", verbosity=0)
    start = asked.until - timedelta(days=int(asked.years * 365.25))
    county.write(asked.county, asked.seed, start=start, until=asked.until)
    watch.say("migrated, county written")
    facts = county.read(asked.county, asked.seed, max(300, min(150_000, asked.cases * 15 // 100)), until=asked.until)
    work = writing.job(asked.seed, asked.cases, start, asked.until, limits.current().calendar.is_working)
    watch.say(f"{len(facts.pool):,} townspeople with encrypted numbers")

    url = os.environ["DATABASE_URL"]
    tables = list(writing.TABLES.values())
    with psycopg.connect(url, autocommit=True) as plain:
        statements = loading.bare(plain, tables)
        connection.close()
        _work.update(facts=facts, job=work, url=url)
        making = 0.0
        firsts = range(0, asked.cases, writing.CHUNK)
        with multiprocessing.get_context("fork").Pool(asked.processes) as pool:
            for done, spent in enumerate(pool.imap_unordered(_chunk, firsts), start=1):
                making += spent
                if done % max(1, len(firsts) // 10) == 0:
                    watch.say(f"{min(asked.cases, done * writing.CHUNK):,} cases written ({making:.0f} CPU-s of making rows)")
        loading.set_sequences(plain, tables)
        _set_counters(plain, work, facts, asked.cases)
        watch.say("sequences and number series set")
        loading.dress(url, statements, watch.say)
        watch.say("indexes and constraints made")
        plain.execute("VACUUM (ANALYZE)")
        watch.say("VACUUM ANALYZE")
        _verify(asked, watch)
        sizes = plain.execute(
            "SELECT relname, pg_table_size(oid), pg_indexes_size(oid), reltuples FROM pg_class "
            "WHERE relkind = 'r' AND pg_total_relation_size(oid) > 8000000 ORDER BY pg_total_relation_size(oid) DESC"
        ).fetchall()
        for name, heap, indexes, count in sizes:
            sys.stdout.write(f"  {name:28} {int(count):>11,} rows {heap >> 20:>6,} MB {indexes >> 20:>6,} MB indexes\n")
        open_cases = plain.execute("SELECT count(*) FROM casework_case WHERE closed_at IS NULL").fetchone()
        watch.say(f"done: {asked.cases:,} cases, {open_cases[0] if open_cases else 0:,} open")


def _chunk(first: int) -> float:
    """In a process of its own: make the rows of one chunk and write them. Returns the CPU seconds of making."""
    from bench import writing

    began = time.process_time()
    rows = writing.write_chunk(_work["facts"], _work["job"], first)
    spent = time.process_time() - began
    held = _work.get("connection")
    if held is None:
        held = _work["connection"] = psycopg.connect(_work["url"])
        held.execute("SET session_replication_role = replica")
        held.commit()
    with held.cursor() as cursor:
        for name, lines in rows.items():
            if lines:
                with cursor.copy(writing.TABLES[name].copy) as copy:
                    copy.write("".join(lines))
    held.commit()
    return spent


def _set_counters(plain: psycopg.Connection, work: Any, facts: Any, cases: int) -> None:
    """The number series go on where the cases end: case numbers by year, papers by unit, class and year."""
    years = sorted(work.first_of_year.items())
    for place, (year, first) in enumerate(years):
        last = years[place + 1][1] if place + 1 < len(years) else cases
        if last > first:
            plain.execute("INSERT INTO casework_counter VALUES (%s, %s)", [f"case:{facts.county_code}:{year}", last - first])
    plain.execute(
        "INSERT INTO casework_counter SELECT 'paper:' || u.id || ':' || p || ':' || y, %s FROM organisations_unit u, "
        "unnest(ARRAY['P05','P11']) p, generate_series(%s::int, %s::int) y WHERE u.kind IN ('department', 'station', 'centre')",
        [cases, years[0][0], years[-1][0]],
    )


def _verify(asked: argparse.Namespace, watch: Stopwatch) -> None:
    """History as the product's verifier sees it, foreign keys as PostgreSQL sees them. Raises SystemExit when anything is wrong."""
    from casework import chain
    from casework.models import Case, Entry
    from casework.timeline import digest

    if asked.verify_all:
        broken = [f"{b.where}: {b.what}" for b in chain.verify_cases()]
        checked = asked.cases
    else:
        chosen = Random(asked.seed).sample(range(1, asked.cases + 1), min(2000, asked.cases))
        broken, checked = [], len(chosen)
        for case in Case.objects.filter(pk__in=chosen):
            lines = list(Entry.objects.filter(case=case).order_by("no"))
            prev = ["", *(line.hash for line in lines)]
            good = [line.no for line in lines] == list(range(1, case.entries + 1)) and prev[-1] == case.head_hash
            good = good and all(
                line.prev_hash == before and line.hash == digest(line, case.number) for line, before in zip(lines, prev, strict=False)
            )
            if not good:
                broken.append(case.number)
    if broken:
        raise SystemExit(f"{len(broken)} histories do not hold, first: {broken[0]}")
    watch.say(f"{checked:,} histories proved")


if __name__ == "__main__":
    sys.exit(main())
