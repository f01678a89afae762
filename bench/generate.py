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
    parser.add_argument("--disputes", type=int, default=20, help="per cent of the cases that are disputes (0 to 50)")
    parser.add_argument("--add-disputes", type=int, default=0, help="no new database: so many disputes more into the one that is there")
    parser.add_argument("--verify-all", action="store_true", help="prove every history, not a sample of 2,000")
    asked = parser.parse_args()
    database = asked.database or name_for(asked.cases)
    with cluster.serving(cluster.LOADING) as env:
        if not asked.add_disputes:
            with psycopg.connect(env["DATABASE_URL"], autocommit=True) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
                admin.execute(f'CREATE DATABASE "{database}"')
        os.environ.update(cluster.of_database(env, database))
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        add(asked) if asked.add_disputes else fill(asked)
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

    from bench import county, disputes, writing
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
    is_working = limits.current().calendar.is_working
    # Keys go by arrival, as in life: every n-th case is a dispute.
    each = round(100 / asked.disputes) if asked.disputes else 0
    quarrels = asked.cases // each if each else 0
    work = writing.job(asked.seed, asked.cases - quarrels, start, asked.until, is_working, other_each=each)
    watch.say(f"{len(facts.pool):,} townspeople with encrypted numbers")
    if quarrels:
        _work["foundry"] = disputes.build(
            facts,
            asked.seed,
            asked.until,
            case_ids=lambda index: (index + 1) * each,
            bases=lambda table: (asked.cases + 2) * 16 if table.name in writing_names() else 0,
            numbers={},
        )
        _work["quarrels"] = writing.job(asked.seed, quarrels, start, asked.until, is_working, free_days=0.0)
        watch.say(f"{len(_work['foundry'].moulds)} moulds of disputes walked by the product's acts")
    _work.update(facts=facts, job=work)
    _load(asked, watch, list(writing.TABLES.values()))
    _finish(asked, watch, range(1, asked.cases + 1))


def add(asked: argparse.Namespace) -> None:
    """Disputes into a generated database, with the seed and the last day it was made with; their keys come after those that are there."""
    import django

    django.setup()
    from django.core.cache import cache
    from django.db import connection

    from bench import county, disputes, writing
    from casework import limits

    watch = Stopwatch()
    cache.clear()
    start = asked.until - timedelta(days=int(asked.years * 365.25))
    facts = county.read(asked.county, asked.seed, max(300, min(40_000, asked.add_disputes)), until=asked.until)
    watch.say(f"{len(facts.pool):,} townspeople with encrypted numbers")
    with connection.cursor() as db:

        def last(table: Any) -> int:
            if "id" not in table.columns:
                return 0
            db.execute(f"SELECT coalesce(max(id), 0) FROM {table.name}")
            return int(db.fetchone()[0])

        db.execute("SELECT series, value FROM casework_counter WHERE series LIKE 'case:TJ%%'")
        numbers = {int(series.rpartition(":")[2]): int(value) for series, value in db.fetchall()}
        db.execute("SELECT max(id) FROM casework_case")
        newest = int(db.fetchone()[0])
        foundry = disputes.build(facts, asked.seed + newest, asked.until, case_ids=lambda index: newest + 1 + index, bases=last, numbers=numbers)
    watch.say(f"{len(foundry.moulds)} moulds of disputes walked by the product's acts")
    work = writing.job(asked.seed + newest, asked.add_disputes, start, asked.until, limits.current().calendar.is_working, free_days=0.0)
    _work.update(facts=facts, foundry=foundry, quarrels=work)
    _load(asked, watch, [])
    _finish(asked, watch, range(newest + 1, newest + 1 + asked.add_disputes))


def writing_names() -> set[str]:
    """Tables whose keys follow from a petition's number (`bench.writing`)."""
    from bench import writing

    return {table.name for table in writing.TABLES.values()}


def _load(asked: argparse.Namespace, watch: Stopwatch, tables: list[Any]) -> None:
    """All rows without trigger (and, in a new database, without index), by several processes; then counters, sequences, indexes."""
    from django.db import connection

    from bench import loading, writing

    url = os.environ["DATABASE_URL"]
    foundry, work, quarrels = _work.get("foundry"), _work.get("job"), _work.get("quarrels")
    if foundry is not None:
        own = {table.name for table in tables}
        tables = [*tables, *(table for table in foundry.tables.values() if table.name not in own)]
    firsts = [("petitions", first, first / work.count) for first in range(0, work.count, writing.CHUNK)] if work else []
    firsts += [("disputes", first, first / quarrels.count) for first in range(0, quarrels.count, writing.CHUNK)] if quarrels else []
    firsts.sort(key=lambda part: part[2])
    with psycopg.connect(url, autocommit=True) as plain:
        # Where cases lie already, keeping up their indexes costs less than making them anew for all.
        statements = loading.bare(plain, tables if work is not None else [])
        connection.close()
        _work["url"] = url
        making = 0.0
        with multiprocessing.get_context("fork").Pool(asked.processes) as pool:
            for done, spent in enumerate(pool.imap_unordered(_chunk, firsts), start=1):
                making += spent
                if done % max(1, len(firsts) // 10) == 0:
                    watch.say(f"{done * writing.CHUNK:,} cases written ({making:.0f} CPU-s of making rows)")
        loading.set_sequences(plain, tables)
        if work is not None:
            _set_counters(plain, work, _work["facts"], asked.cases)
        if foundry is not None and quarrels is not None:
            _set_dispute_counters(plain, quarrels, foundry)
        watch.say("sequences and number series set")
        loading.dress(url, statements, watch.say)
        watch.say("indexes and constraints made")
        plain.execute("VACUUM (ANALYZE)")
        watch.say("VACUUM ANALYZE")


def _finish(asked: argparse.Namespace, watch: Stopwatch, made: range) -> None:
    """Histories proved, facts and tallies made, sizes told."""
    from reports.actions import refresh

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as plain:
        _verify(asked, watch, made)
        sizes = plain.execute(
            "SELECT relname, pg_table_size(oid), pg_indexes_size(oid), reltuples FROM pg_class "
            "WHERE relkind = 'r' AND pg_total_relation_size(oid) > 8000000 ORDER BY pg_total_relation_size(oid) DESC"
        ).fetchall()
        for name, heap, indexes, count in sizes:
            sys.stdout.write(f"  {name:28} {int(count):>11,} rows {heap >> 20:>6,} MB {indexes >> 20:>6,} MB indexes\n")
        open_cases = plain.execute("SELECT count(*) FROM casework_case WHERE closed_at IS NULL").fetchone()
        watch.say(f"{len(made):,} cases written, {open_cases[0] if open_cases else 0:,} open in all")
        # Rows written by COPY told no trigger: the facts of figures are made now, a second thing besides the cases themselves.
        plain.execute("INSERT INTO reports_stale (case_id) SELECT id FROM casework_case WHERE id BETWEEN %s AND %s", [made[0], made[-1]])
        refresh.refresh()
        plain.execute("VACUUM (ANALYZE) reports_fact")
        plain.execute("VACUUM (ANALYZE) reports_stale")
        plain.execute("VACUUM (ANALYZE) reports_tally")
        watch.say("facts and tallies of the figures made")


def _chunk(part: tuple[str, int, float]) -> float:
    """In a process of its own: make the rows of one chunk and write them. Returns the CPU seconds of making."""
    from bench import disputes, writing

    kind, first, _ = part
    began = time.process_time()
    if kind == "petitions":
        rows = writing.write_chunk(_work["facts"], _work["job"], first)
        tables = writing.TABLES
    else:
        rows = disputes.write_chunk(_work["foundry"], _work["facts"], _work["quarrels"], first)
        tables = _work["foundry"].tables
    spent = time.process_time() - began
    held = _work.get("connection")
    if held is None:
        held = _work["connection"] = psycopg.connect(_work["url"])
        held.execute("SET session_replication_role = replica")
        held.commit()
    with held.cursor() as cursor:
        for name, lines in rows.items():
            if lines:
                with cursor.copy(tables[name].copy) as copy:
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


def _set_dispute_counters(plain: psycopg.Connection, quarrels: Any, foundry: Any) -> None:
    """The series of disputes, of their papers and dossiers go on behind the last number given."""
    years = sorted(quarrels.first_of_year.items())
    for place, (year, first) in enumerate(years):
        last = years[place + 1][1] if place + 1 < len(years) else quarrels.count
        value = last - first + foundry.numbers.get(year, 0)
        _go_on(plain, "SELECT %s, %s", [f"case:TJ{foundry.county_code}:{year}", value])
    papers = foundry.bases["casework_document"] + quarrels.count * foundry.widths["casework_document"]
    every = "FROM organisations_unit u, generate_series(%s::int, %s::int) y"
    _go_on(
        plain,
        f"SELECT 'paper:' || u.id || ':' || p || ':' || y, %s {every}, unnest(%s::text[]) p "
        "WHERE u.kind IN ('room', 'station', 'centre', 'department')",
        [papers, years[0][0], years[-1][0], sorted(foundry.papers)],
    )
    _go_on(
        plain,
        f"SELECT 'dossier:' || u.id || ':' || y, %s {every} WHERE u.kind = 'room'",
        [foundry.case_ids(quarrels.count), years[0][0], years[-1][0]],
    )


def _go_on(plain: psycopg.Connection, select: str, values: list[Any]) -> None:
    plain.execute(
        f"INSERT INTO casework_counter (series, value) {select} "
        "ON CONFLICT (series) DO UPDATE SET value = greatest(casework_counter.value, excluded.value)",
        values,
    )


def _verify(asked: argparse.Namespace, watch: Stopwatch, made: range) -> None:
    """History as the product's verifier sees it, foreign keys as PostgreSQL sees them. Raises SystemExit when anything is wrong."""
    from casework import chain
    from casework.models import Case, Entry
    from casework.timeline import digest

    if asked.verify_all:
        broken = [f"{b.where}: {b.what}" for b in chain.verify_cases()]
        checked = len(made)
    else:
        chosen = Random(asked.seed).sample(made, min(2000, len(made)))
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
