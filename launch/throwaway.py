"""The environment of a test run over a throw-away pair of servers."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.fonts import write_fonts_conf
from launch.paths import VAR
from launch.secrets_file import fresh_secrets
from launch.servers import Pair

#: An empty database of the pair that a run may migrate once and let its processes copy, and the name of its address in the environment.
TEMPLATE = "yimen_template"
TEMPLATE_URL = "TEST_TEMPLATE_URL"


def environment_of(pair: Pair) -> dict[str, str]:
    secrets = fresh_secrets()
    return {
        "DATABASE_URL": pair.postgres.url("yimen"),
        "REDIS_URL": pair.valkey.url(0),
        **{name: secrets[name] for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY")},
        "FONTCONFIG_FILE": str(write_fonts_conf(VAR)),
    }


def sweep(older_than: float = 86_400.0) -> None:
    """Removes what test runs that were killed with -9 have left (seconds since the folder was made)."""
    for folder in VAR.glob("test-*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > older_than:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throw_away_services() -> Iterator[dict[str, str]]:
    """Starts the pair in a folder under var/, yields the environment, removes everything. What the environment already names is not started."""
    VAR.mkdir(exist_ok=True)
    sweep()
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=VAR))
    pair = Pair(folder)
    try:
        pair.start()
        pair.postgres.execute("CREATE DATABASE {}", "yimen")
        pair.postgres.execute("CREATE DATABASE {}", TEMPLATE)
        given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        # In a server that was given nothing is made but what the tests themselves make and remove.
        template = {} if "DATABASE_URL" in given else {TEMPLATE_URL: pair.postgres.url(TEMPLATE)}
        yield {**environment_of(pair), "TEST_FOLDER": str(folder), **template, **given}
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)
