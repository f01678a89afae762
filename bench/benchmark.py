"""`python -m bench.benchmark --database bench_1m --compare bench_100k`: the real server, asked over loopback.

Per page: p50 and p95 with one client, requests a second with four, queries, milliseconds in SQL, CPU milliseconds of web
server and database, beside a view that does nothing and the bare SQL of the page. Bounded in count and time.
`BENCH_VENV` names an environment made from requirements.txt alone: the web server then holds what production holds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bench import cluster
from bench.client import Answer, Browser, Request

if TYPE_CHECKING:
    from bench.pages import Cast, Page
    from bench.server import Server

RESULTS = Path(__file__).parent / "results"
CLIENTS = 4
WARM_UP = 24
#: Seconds at most for one client's round and for four clients'.
ONE_SECONDS, MANY_SECONDS = 12.0, 6.0


@dataclass
class Measured:
    """One page at one size. Milliseconds unless said otherwise."""

    name: str
    most_ms: float | None
    least_per_second: float | None
    times: list[float] = field(default_factory=list)
    per_second: float = 0.0
    queries: int = 0
    sql_ms: float = 0.0
    web_ms: float = 0.0
    database_ms: float = 0.0
    bare_ms: float | None = None
    bare_all_ms: float | None = None
    kilobytes: float = 0.0
    wrong: int = 0
    note: str = ""

    @property
    def p50(self) -> float:
        return statistics.median(self.times) if self.times else 0.0

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)] if self.times else 0.0

    @property
    def meets(self) -> str:
        if self.most_ms is None and self.least_per_second is None:
            return ""
        good = (self.most_ms is None or self.p50 <= self.most_ms) and (self.least_per_second is None or self.per_second >= self.least_per_second)
        return "yes" if good and self.times and not self.wrong and self.queries <= 12 else "**no**"


@dataclass
class Round:
    """What one browser saw."""

    times: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)
    locations: list[str] = field(default_factory=list)
    seconds: float = 0.0


def ask(browser: Browser, requests: Sequence[Request], good: tuple[int, ...], seconds: float) -> Round:
    """Send them one after the other until they or the time run out."""
    seen = Round()
    began = time.perf_counter()
    for request in requests:
        start = time.perf_counter()
        if start - began > seconds:
            break
        answer = browser.ask(request)
        seen.times.append((time.perf_counter() - start) * 1000)
        _note(seen, request, answer, good)
    seen.seconds = time.perf_counter() - began
    return seen


def _note(seen: Round, request: Request, answer: Answer, good: tuple[int, ...]) -> None:
    count, _, spent = answer.headers.get("x-bench", "0;0").partition(";")
    seen.queries.append(int(count))
    seen.sql.append(float(spent))
    seen.bytes += len(answer.body)
    if answer.status not in good or "/sign-in/" in answer.headers.get("location", ""):
        seen.wrong.append(f"{answer.status} {request.path} {answer.headers.get('location', '')}")
    seen.locations.append(answer.headers.get("location", ""))


def _client(work: tuple[Browser, list[Request], tuple[int, ...], float]) -> Round:
    return ask(*work)


def many(browsers: Sequence[Browser], requests: list[Request], good: tuple[int, ...]) -> tuple[float, list[Round]]:
    """Requests a second of CLIENTS clients, each a process of its own with its own connection."""
    share = len(requests) // CLIENTS
    work = []
    for number in range(CLIENTS):
        browser = browsers[number % len(browsers)]
        work.append((Browser(browser.port, dict(browser.cookies)), requests[number * share : (number + 1) * share], good, MANY_SECONDS))
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        rounds = pool.map(_client, work, chunksize=1)
    done = sum(len(r.times) for r in rounds)
    longest = max(r.seconds for r in rounds)
    return (done / longest if longest else 0.0), rounds


def measure(server: Server, page: Page, browsers: dict[str, Browser], cast: Cast) -> Measured:
    """Warm up, one client, four clients."""
    found = Measured(page.name, page.most_ms, page.least_per_second)
    own = [browsers[login] for login in page.by]
    if page.is_read:
        warm = ask(own[0], page.asked(WARM_UP), page.answers, ONE_SECONDS)
        if warm.wrong:
            found.note, found.wrong = warm.wrong[0], len(warm.wrong)
            return found
    requests = page.asked(page.most)
    if not requests:
        found.note = "nothing to ask for"
        return found
    web, database = server.web_seconds(), server.database_seconds()
    one = ask(own[0], requests, page.answers, ONE_SECONDS)
    done = max(1, len(one.times))
    found.web_ms = (server.web_seconds() - web) * 1000 / done
    found.database_ms = (server.database_seconds() - database) * 1000 / done
    # A worker's first requests also read the tree of units, once: the ninth decile, not the maximum.
    found.times, found.queries, found.sql_ms = one.times, sorted(one.queries)[int(done * 0.9)], statistics.median(one.sql)
    found.kilobytes = one.bytes / done / 1024
    rounds = [one]
    per_client = max(8, min(1500, int(MANY_SECONDS * 1000 / max(found.p50, 0.5))))
    more = page.asked(per_client * CLIENTS if page.is_read else min(per_client * CLIENTS, 600 if page.least_per_second else 160))
    if len(more) >= CLIENTS:
        found.per_second, several = many(own, more, page.answers)
        rounds += several
    wrong = [line for r in rounds for line in r.wrong]
    found.wrong, found.note = len(wrong), wrong[0] if wrong else ""
    if "register (POST)" in page.name:
        from bench.pages import number_of

        cast.registered += [number for r in rounds for location in r.locations if (number := number_of(location))]
    return found


def bare_sql(page: Page, login: str) -> tuple[float | None, float | None]:
    """Execution time of the page's longest statement and of all its reading statements, by EXPLAIN ANALYZE (best of three)."""
    from django.db import connection
    from django.test import Client

    from bench.pages import user

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user(login), backend="django.contrib.auth.backends.ModelBackend")
    path = page.asked(1)[0].path
    client.get(path)
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        asked.append((sql.strip(), params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        client.get(path)
    times = []
    for statement, params in asked:
        if not statement.upper().startswith(("SELECT", "WITH", "(SELECT")):
            continue
        best = 1e9
        with connection.cursor() as db:
            for _ in range(3):
                db.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", params)
                plan = db.fetchone()[0]
                plan = plan if isinstance(plan, list) else __import__("json").loads(plan)
                best = min(best, plan[0]["Execution Time"])
        times.append(best)
    return (max(times), sum(times)) if times else (None, None)


def sign_in(server: Server, login: str) -> Browser:
    """Through the door, with the demo county's password. Raises SystemExit when the door stays shut."""
    from petitions.demo.staff import DEMO_PASSWORD

    browser = Browser(server.port)
    browser.ask(Request("/sign-in/"))
    answer = browser.ask(Request("/sign-in/", {"username": login, "password": DEMO_PASSWORD}))
    if answer.status not in (302, 303):
        raise SystemExit(f"{login} cannot sign in: {answer.status}")
    return browser


def quiet() -> float:
    """How much longer a second of pure work takes than it should: 1.0 on a machine that nobody else uses."""
    began, cpu, total = time.perf_counter(), time.process_time(), 0
    for number in range(5_000_000):
        total += number & 7
    return (time.perf_counter() - began) / max(0.001, time.process_time() - cpu)


def run(env: dict[str, str], database: str, only: str, say: Any) -> dict[str, Any]:
    """Everything at one size. In a process of its own, because Django knows one database."""
    os.environ.update(cluster.of_database(env, database))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection

    from bench import pages, server
    from casework import cases

    cache.clear()
    call_command("migrate", verbosity=0)
    # Beat does it every minute; without it a run's searches read what the registrations of the run before left waiting.
    cases.settle_texts()
    with connection.cursor() as db:
        db.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'casework_case'::regclass")
        size = db.fetchone()[0]
        counting = time.perf_counter()
        db.execute("SELECT count(*) FROM casework_case")
        counting = (time.perf_counter() - counting) * 1000
        db.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        disk = db.fetchone()[0]
    cast = pages.Cast()
    cast.find()
    results: list[Measured] = []
    with server.web(dict(os.environ)) as web:
        browsers = {login: sign_in(web, login) for login in dict.fromkeys(cast.everybody)}
        for page in [*pages.reads(cast), *pages.writes(cast)]:
            if only and not any(word in page.name for word in only.split(",")) and page.name not in ("hello, world",):
                continue
            found = measure(web, page, browsers, cast)
            if page.is_read and not found.wrong and page.name != "hello, world":
                found.bare_ms, found.bare_all_ms = bare_sql(page, page.by[0])
            results.append(found)
            say(
                f"{database:12} {found.name:36} p50 {found.p50:7.1f}  p95 {found.p95:7.1f}  {found.per_second:6.0f}/s  {found.queries:3} q  "
                f"sql {found.sql_ms:6.1f}  web {found.web_ms:6.1f}  db {found.database_ms:6.1f}  bare {found.bare_ms or 0:6.1f}  {found.note}"
            )
        exported = None
        if not only or "CSV" in only:
            exported = _export(web, pages.export(cast), browsers[cast.office])
            say(f"{database:12} CSV export: {exported}")
        memory = web.memory()
    return {"database": database, "size": size, "disk": disk, "count_ms": counting, "results": results, "export": exported, "memory": memory}


def _export(web: Server, page: Page, browser: Browser) -> dict[str, float | str]:
    """Rows a second from the request to the last byte."""
    best: dict[str, float | str] = {}
    for request in page.asked(page.most):
        began = time.perf_counter()
        cpu = web.web_seconds()
        answer = browser.ask(request)
        seconds = time.perf_counter() - began
        rows = answer.body.count(b"\n")
        if answer.status != 200:
            return {"note": f"{answer.status}"}
        if not best or rows / seconds > float(best["per_second"]):
            best = {
                "rows": rows,
                "seconds": seconds,
                "per_second": rows / seconds,
                "megabytes": len(answer.body) / 1e6,
                "web_s": web.web_seconds() - cpu,
            }
    return best


# -- the report -------------------------------------------------------------------------------------------------------


def report(runs: list[dict[str, Any]], began: str, load: tuple[float, float, float], busy: float) -> str:
    """Markdown: one table a database, and the ratio of the first to the second."""
    lines = [f"# Benchmark of {began}", ""]
    lines += [
        (
            f"Machine: {os.cpu_count()} processors; load average at the start {load[0]:.1f}, at the end {os.getloadavg()[0]:.1f}; work of one "
            f"second took {busy:.1f} s at the start and {quiet():.1f} s at the end "
            "(above 1.1 others were at work and every time here is too high; CPU milliseconds suffer less). Clients, web server and "
            "PostgreSQL share the processors. gunicorn gthread 2 × 4 with `deploy/gunicorn.conf.py`, pool of connections, "
            "PostgreSQL with fsync on. Milliseconds unless said otherwise; p50 and p95 with one client."
        ),
        "",
    ]
    for run_ in runs:
        lines += _table(run_)
    if len(runs) == 2:
        lines += _ratio(*runs)
    return "\n".join(lines) + "\n"


def _table(run_: dict[str, Any]) -> list[str]:
    results: list[Measured] = run_["results"]
    hello = next((m.p50 for m in results if m.name == "hello, world"), 0) or 1.0
    lines = [
        f"## {run_['database']}: {run_['size']:,} cases, {run_['disk']}; `count(*)` of them {run_['count_ms']:.0f} ms",
        "",
        "| page | limit | p50 | p95 | × hello | req/s, 4 clients | queries | in SQL | bare SQL, main / all | CPU web | CPU database | kB | meets |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for m in results:
        limit = " ".join(
            part for part in (f"{m.most_ms:g} ms" if m.most_ms else "", f"{m.least_per_second:g}/s" if m.least_per_second else "") if part
        )
        if m.wrong and not m.times:
            lines.append(f"| {m.name} | {limit} | not measured: {m.note} |")
            continue
        bare = f"{m.bare_ms:.1f} / {m.bare_all_ms:.1f}" if m.bare_ms is not None and m.bare_all_ms is not None else ""
        lines.append(
            f"| {m.name} | {limit} | {m.p50:.1f} | {m.p95:.1f} | {m.p50 / hello:.0f} | {m.per_second:.0f} | {m.queries} | {m.sql_ms:.1f} | {bare} "
            f"| {m.web_ms:.1f} | {m.database_ms:.1f} | {m.kilobytes:.0f} | {m.meets}{f' ({m.wrong} wrong: {m.note})' if m.wrong else ''} |"
        )
    lines.append("")
    rss = ", ".join(f"{rss} MB RSS / {pss} MB PSS" for rss, pss in run_["memory"])
    lines.append(f"Workers at the end: {rss} (limit 140 MB).")
    if run_["export"] and "rows" in run_["export"]:
        e = run_["export"]
        lines.append(
            f"CSV export: {e['rows']:,} rows, {e['megabytes']:.1f} MB in {e['seconds']:.2f} s = **{e['per_second']:,.0f} rows/s** (limit 100,000), "
            f"{e['web_s']:.2f} CPU-s of the web server."
        )
    return [*lines, ""]


def _ratio(big: dict[str, Any], small: dict[str, Any]) -> list[str]:
    lines = [f"## {big['database']} beside {small['database']} (limit 1.5)", "", "| page | p50 | p50 | ratio | CPU ratio |", "|---|---|---|---|---|"]
    at = {m.name: m for m in small["results"]}
    for m in big["results"]:
        other = at.get(m.name)
        if other and other.p50 and m.p50:
            cpu = (m.web_ms + m.database_ms) / max(0.01, other.web_ms + other.database_ms)
            lines.append(f"| {m.name} | {m.p50:.1f} | {other.p50:.1f} | {m.p50 / other.p50:.2f} | {cpu:.2f} |")
    return [*lines, ""]


def _in_process(env: dict[str, str], database: str, only: str) -> dict[str, Any]:
    def say(words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=lambda: send.send(run(env, database, only, say)))
    process.start()
    while not receive.poll(1):
        if not process.is_alive():
            raise SystemExit(f"{database}: the run has failed")
    found = receive.recv()
    process.join()
    return dict(found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.benchmark", description=__doc__)
    parser.add_argument("--database", default="bench_1m")
    parser.add_argument("--compare", default="", help="a second, smaller database, measured in the same run")
    parser.add_argument("--only", default="", help="pages whose names hold one of these words (comma between)")
    parser.add_argument("--output", type=Path, default=None)
    asked = parser.parse_args()
    began, load, busy = datetime.now(ZoneInfo("Asia/Shanghai")), os.getloadavg(), quiet()
    with cluster.serving() as env:
        runs = [_in_process(env, name, asked.only) for name in (asked.database, asked.compare) if name]
    text = report(runs, f"{began:%Y-%m-%d %H:%M}", load, busy)
    sys.stdout.write("\n" + text)
    if asked.output or not asked.only:
        target = asked.output or RESULTS / f"{began:%Y%m%d-%H%M}-{asked.database}.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
