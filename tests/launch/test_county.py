"""The embedded database appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launch import county
from launch.paths import VAR
from launch.servers import Pair
from launch.throwaway import environment_of


@pytest.fixture
def pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="test-county-", dir=VAR))
    pair = Pair(folder)
    pair.start()
    yield pair
    pair.stop()
    shutil.rmtree(folder)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_what_an_interrupted_seed_left_is_thrown_away(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEED", "0")
    env = {**environment_of(pair), "PATH": "/usr/bin:/bin"}
    media = pair.folder / "media"
    media.mkdir()
    (media / "orphan").write_text("an attachment of the interrupted seed")
    pair.postgres.execute("CREATE DATABASE {}", county.MAKING)
    with psycopg.connect(pair.postgres.url(county.MAKING)) as connection:
        connection.execute("CREATE TABLE half_seeded ()")

    county.prepare_embedded(pair.postgres, env, media)

    assert not pair.postgres.has_database(county.MAKING)
    made = tables(pair.postgres.url(county.DATABASE))
    assert "organisations_unit" in made
    assert "half_seeded" not in made
    assert not media.exists()
    assert [kept.name for kept in pair.folder.glob("media-*/*")] == ["orphan"]
    assert pair.postgres.comment_of(county.DATABASE) == county.schema_mark()


def test_the_kept_database_is_left_alone(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEED", "0")
    pair.postgres.execute("CREATE DATABASE {}", county.DATABASE)
    with psycopg.connect(pair.postgres.url(county.DATABASE)) as connection:
        connection.execute("CREATE TABLE mine ()")
    pair.postgres.comment(county.DATABASE, county.schema_mark())

    county.prepare_embedded(pair.postgres, {}, pair.folder / "media")

    assert tables(pair.postgres.url(county.DATABASE)) == {"mine"}


def test_a_wrong_password_is_said_at_once(pair: Pair) -> None:
    pair.postgres.stop()
    other = Pair(pair.folder)
    with pytest.raises(Exception, match=r"secrets\.env"):
        other.postgres.start()
