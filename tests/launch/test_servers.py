"""The embedded PostgreSQL meets what a crash or a reboot leaves behind."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launch import servers
from launch.paths import VAR
from launch.say import Refused
from launch.servers import Pair

SECRET = "the-same-at-every-start"


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="test-servers-", dir=VAR))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def pair(folder: Path) -> Iterator[Pair]:
    pair = Pair(folder, secret=SECRET)
    pair.postgres.start()
    yield pair
    pair.postgres.stop()


def test_a_lock_file_whose_pid_now_belongs_to_something_else_is_set_aside(pair: Pair, folder: Path) -> None:
    lock = folder / "pg" / "postmaster.pid"
    left = lock.read_text().splitlines()
    pair.postgres.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lock.write_text("\n".join([str(stranger.pid), *left[1:]]) + "\n")
        pair.postgres.start()
        stranger.kill()
    with psycopg.connect(pair.postgres.url("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_folder_that_a_living_server_uses_is_not_taken_from_it(pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "START_SECONDS", 2.0)
    with pytest.raises(Refused, match=r"postmaster\.pid"):
        Pair(folder, secret=SECRET).postgres.start()
    with psycopg.connect(pair.postgres.url("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_other_binaries_than_those_that_made_the_data_are_refused(pair: Pair, folder: Path) -> None:
    pair.postgres.stop()
    (folder / "pg" / "PG_VERSION").write_text("12\n")
    with pytest.raises(Refused, match="PostgreSQL 12"):
        pair.postgres.start()
    (folder / "pg" / "PG_VERSION").write_text("18\n")


def test_the_data_is_sorted_by_the_provider_that_every_machine_has(pair: Pair) -> None:
    with psycopg.connect(pair.postgres.url("postgres")) as connection:
        query = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'"
        assert connection.execute(query).fetchone() == ("b", "C.UTF-8")


def test_nobody_gets_in_without_the_password(pair: Pair) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(pair.postgres.url("postgres").replace(SECRET, "guess"))
