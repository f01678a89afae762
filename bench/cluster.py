"""A PostgreSQL and a Valkey of the bench's own, so that nobody else is disturbed and nobody else disturbs.

They live in BENCH_VAR (default: var/bench) and are started by the launcher's own functions. `python -m bench.cluster`
keeps them up for a look around with psql; the other commands use those, or start and stop their own.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from launch.envfile import read_env_file, write_env_file
from launch.paths import VAR
from launch.secrets_file import kept_secrets
from launch.servers import Postgres, Valkey

FOLDER = Path(os.environ.get("BENCH_VAR") or VAR / "bench").resolve()
ENV = FOLDER / "env"

#: What a county's server would have: a third of the memory for PostgreSQL itself; fsync and synchronous_commit stay on, as in production.
_MEMORY_GB = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
SETTINGS: Mapping[str, str] = {
    "shared_buffers": f"{max(_MEMORY_GB / 3, 1):.0f}GB",
    "effective_cache_size": f"{max(_MEMORY_GB / 2, 1):.0f}GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
}
#: For filling only: nothing there has to survive a power cut, the data can be made again.
LOADING: Mapping[str, str] = {
    **SETTINGS,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "32GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
}


@contextmanager
def serving(settings: Mapping[str, str] = SETTINGS) -> Iterator[dict[str, str]]:
    """The environment of running servers: those of `python -m bench.cluster` when they answer, else a pair started here."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if ENV.exists() and _answers(found := read_env_file(ENV)):
        yield found
        return
    secrets = kept_secrets(FOLDER / "secrets.env")
    postgres = Postgres(FOLDER / "pg", secrets["POSTGRES_PASSWORD"], FOLDER / "postgres.log", settings=settings)
    valkey = Valkey(FOLDER / "valkey", secrets["VALKEY_PASSWORD"], FOLDER / "valkey.log", append_only=False)
    try:
        postgres.start()
        valkey.start()
        env = {
            "DATABASE_URL": postgres.url("postgres"),
            "REDIS_URL": valkey.url(0),
            "MEDIA_ROOT": str(FOLDER / "media"),
            **{name: secrets[name] for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY")},
        }
        write_env_file(ENV, env)
        yield env
    finally:
        ENV.unlink(missing_ok=True)
        valkey.stop()
        postgres.stop()


def of_database(env: Mapping[str, str], database: str) -> dict[str, str]:
    """The environment in which Django works on that database."""
    return {**env, "DATABASE_URL": f"{env['DATABASE_URL'].rpartition('/')[0]}/{database}", "CACHE_KEY_PREFIX": database}


def _answers(env: Mapping[str, str]) -> bool:
    try:
        with psycopg.connect(env["DATABASE_URL"], connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def main() -> int:
    settings = LOADING if "--loading" in sys.argv[1:] else SETTINGS
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with serving(settings) as env:
        sys.stdout.write(f"set -a; . {ENV}; set +a      # {env['DATABASE_URL'].rpartition('@')[2]}\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
