"""A folder and a port that nobody else uses."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.paths import VAR
from tests.launch.house import House, free_port


@pytest.fixture
def house() -> Iterator[House]:
    var = Path(tempfile.mkdtemp(prefix="test-house-", dir=VAR))
    house = House(var, free_port())
    yield house
    if house.process is not None and house.process.poll() is None:
        house.stop()
    shutil.rmtree(var)
