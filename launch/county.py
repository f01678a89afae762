"""The database of the embedded run, and the demo county in it.

A new database is made under another name, migrated and seeded there, and renamed when it is whole: a county that is
half there is never shown. The next start goes on where an interrupted seed stopped, or begins again where it cannot.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from launch.children import die_with_parent
from launch.paths import ROOT
from launch.say import Refused, say
from launch.servers import Postgres

DATABASE = "yimen"
MAKING = "yimen_making"
SET_ASIDE = "yimen_before_county"


def manage(env: Mapping[str, str], *words: str, quiet: bool = False) -> int:
    """One management command; its output goes to the terminal unless quiet."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else None,
        start_new_session=True,  # Ctrl-C is ours to pass on
        preexec_fn=die_with_parent(15),  # noqa: PLW1509  (the launcher has one thread)
    )
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def schema_mark() -> str:
    """Changes whenever a migration of ours or a package that brings some does."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for file in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return f"schema {digest.hexdigest()}"


def migrate_embedded(postgres: Postgres, database: str, env: Mapping[str, str]) -> None:
    """Starting Django only to learn that nothing is to be done costs seconds: the database's comment says what it was last migrated to."""
    mark = schema_mark()
    if postgres.comment_of(database) != mark:
        migrate({**env, "DATABASE_URL": postgres.url(database)})
        postgres.comment(database, mark)


def migrate(env: Mapping[str, str]) -> None:
    if manage({**env, "DB_LOCK_TIMEOUT_MS": "60000"}, "migrate", "--no-input", "-v", "0"):
        raise Refused("升级数据库结构失败，原因见上；数据没有改变")


def has_units(url: str) -> bool:
    with psycopg.connect(url) as connection:
        try:
            return connection.execute("SELECT 1 FROM organisations_unit LIMIT 1").fetchone() is not None
        except psycopg.errors.UndefinedTable:
            return False


def wants_county() -> bool:
    return os.environ.get("SEED", "1") != "0"


def seed(env: Mapping[str, str]) -> None:
    say("载入演示县（只在第一次，约需几分钟）……")
    began = time.monotonic()
    county = ["--county", os.environ["COUNTY"]] if os.environ.get("COUNTY") else []
    if manage(env, "seed_county", *county):
        raise Refused("载入演示县失败，原因见上。不要演示数据请用 SEED=0 make run")
    say(f"演示县已载入，用时 {time.monotonic() - began:.0f} 秒")


def prepare_embedded(postgres: Postgres, env: Mapping[str, str], media: Path) -> None:
    """`env` names DATABASE; afterwards it exists, is migrated and, unless SEED=0, holds a county."""
    exists = postgres.has_database(DATABASE)
    if exists and (not wants_county() or has_units(postgres.url(DATABASE))):
        migrate_embedded(postgres, DATABASE, env)
        return
    making = {**env, "DATABASE_URL": postgres.url(MAKING)}
    if wants_county() and postgres.comment_of(MAKING) == schema_mark():
        try:
            seed(making)
        except Refused as reason:
            say(f"{reason}。从头再来")
            make_anew(postgres, making, media)
    else:
        make_anew(postgres, making, media)
    postgres.execute("ALTER DATABASE {} RESET synchronous_commit", MAKING)
    postgres.execute("CHECKPOINT")
    if exists:  # made with SEED=0 earlier and still without a unit
        postgres.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", SET_ASIDE)
        postgres.execute("ALTER DATABASE {} RENAME TO {}", DATABASE, SET_ASIDE)
    postgres.execute("ALTER DATABASE {} RENAME TO {}", MAKING, DATABASE)


def make_anew(postgres: Postgres, making: Mapping[str, str], media: Path) -> None:
    postgres.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", MAKING)
    if media.exists() and any(media.iterdir()) and not postgres.has_database(DATABASE):
        kept = media.with_name(f"{media.name}-{int(time.time())}")
        media.rename(kept)
        say(f"{media.name}/ 里的附件不属于任何数据库，已移到 {kept.name}/")
    postgres.execute("CREATE DATABASE {}", MAKING)
    # Until the rename nothing of it has to survive a crash; what does survive is still consistent.
    postgres.execute("ALTER DATABASE {} SET synchronous_commit = off", MAKING)
    migrate_embedded(postgres, MAKING, making)
    if wants_county():
        seed(making)


def prepare_given(env: Mapping[str, str], marker: Path) -> None:
    """A database of the user's own is never renamed or dropped: seed_county goes on where it was cut short."""
    migrate(env)
    if wants_county() and (marker.exists() or not has_units(env["DATABASE_URL"])):
        marker.touch()
        seed(env)
        marker.unlink()
