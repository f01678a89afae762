"""Services first, Django second: without DATABASE_URL the tests start a PostgreSQL and a Valkey of their own and remove them at the end."""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from urllib.parse import urlsplit
from zlib import crc32

import django
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from launch.paths import VAR
from launch.throwaway import throw_away_services

pytest_plugins = ["tests.accounting", "tests.personas"]

_until_exit = ExitStack()
atexit.register(_until_exit.close)
if not os.environ.get("DATABASE_URL"):
    os.environ.update(_until_exit.enter_context(throw_away_services()))

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_test_db = os.environ.get("TEST_DB_NAME", "")
# Clearing a cache empties its numbered database: each process has its own, and people who share a server mostly do too (2 to 15).
_cache_number = 2 + (2 * crc32(_test_db.encode()) + int("0" + _worker.removeprefix("gw").removeprefix("main"))) % 14
VAR.mkdir(exist_ok=True)
_media = tempfile.mkdtemp(prefix="test-media-", dir=VAR)
_until_exit.callback(shutil.rmtree, _media, ignore_errors=True)
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # synchronous Playwright runs an event loop in the test's thread
        "CACHE_URL": urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{_cache_number}").geturl(),
        "CACHE_KEY_PREFIX": f"{_test_db}-{_worker}",
        "MEDIA_ROOT": _media,
        "CACHE_TIMEOUT_S": "30",  # a busy machine must not turn a hit into a miss: query counts are asserted
    }
)
# pytest-django has read the settings before this file, in a worker with what the first process left in the environment:
# two workers on one cache database would empty it under each other's hands.
settings.CACHES["default"].update(
    LOCATION=os.environ["CACHE_URL"],
    KEY_PREFIX=os.environ["CACHE_KEY_PREFIX"],
    OPTIONS=dict.fromkeys(("socket_connect_timeout", "socket_timeout"), 30),
)
settings.MEDIA_ROOT = _media
# Argon2 is slow on purpose; the tests sign in hundreds of times.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
django.setup()

# A busy machine is no reason for a test to fail: what is to be fast is measured in bench/.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")
