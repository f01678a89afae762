"""How long a large export takes and what it holds in memory: the worker's own code, in a process of its own.

    python -m bench.exports --database bench_1m --rows 100000

Prints seconds, rows, bytes and peak resident memory for Excel, CSV and Excel with identity numbers. The limit of issue 5 §5:
100,000 rows in 60 s and 200 MB. Writes three rows of `Export` and their lines of the access log; the files are removed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

from bench.cluster import serving

CASES = (("xlsx", ""), ("csv", ""), ("xlsx", "masked"), ("xlsx", "clear"))


def measured(username: str, rows: int, form: str, ids: str) -> str:
    """One export in this process, by the functions the worker calls."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from casework import exports_jobs, exports_lists
    from casework.models import Export
    from organisations import clock
    from organisations.models import AccessEntry, User
    from organisations.scope import scope_of

    AccessEntry.objects.count()
    settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="bench-exports-")
    by = scope_of(User.objects.get(username=username), clock.today())
    with connection.cursor() as db:
        db.execute(
            "SELECT (opened_at AT TIME ZONE 'Asia/Shanghai')::date FROM casework_reach "
            "WHERE reader = ANY(%s) ORDER BY opened_at DESC OFFSET %s LIMIT 1",
            [list(by.readers), rows],
        )
        found = db.fetchone()
    params = {"status": "all", "sort": "new", **({"since": f"{found[0]}"} if found else {}), **({"ids": ids} if ids else {})}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    started = time.monotonic()
    export = exports_jobs.ask(exports_jobs.Asked(exports_lists.find("cases"), params, "测量", form), ground="测量导出速度", by=by)  # type: ignore[arg-type]
    asked = time.monotonic() - started
    assert exports_jobs.run_next(), "somebody else exports"
    took = time.monotonic() - started
    export = Export.objects.get(pk=export.pk)
    assert export.state == Export.State.DONE, export.failure
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    exports_jobs.path_of(export).unlink()
    return (
        f"{form:5} {ids or '-':7} {export.done:>8} rows  asked {asked:5.1f} s  in all {took:5.1f} s  {export.size / 2**20:6.1f} MB file"
        f"  RSS {before} → {peak} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--user", default="sunzhiyuan")
    parser.add_argument("--one", nargs=2, metavar=("FORM", "IDS"))
    asked = parser.parse_args()
    if asked.one:
        print(measured(asked.user, asked.rows, asked.one[0], "" if asked.one[1] == "-" else asked.one[1]), flush=True)
        return
    with serving() as environment:
        address = environment["DATABASE_URL"].rsplit("/", 1)[0]
        env = {**os.environ, **environment, "DATABASE_URL": f"{address}/{asked.database}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        for form, ids in CASES:
            command = [sys.executable, "-m", "bench.exports", "--database", asked.database, "--rows", str(asked.rows), "--user", asked.user]
            subprocess.run([*command, "--one", form, ids or "-"], env=env, check=True)


if __name__ == "__main__":
    main()
