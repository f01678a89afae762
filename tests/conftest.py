"""Services first, Django second: without DATABASE_URL the tests start a PostgreSQL and a Valkey of their own and remove them at the end."""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack

import django
from django.conf import settings

from launch.paths import VAR
from launch.throwaway import throw_away_services

pytest_plugins = ["tests.accounting", "tests.personas"]

_until_exit = ExitStack()
atexit.register(_until_exit.close)
if not os.environ.get("DATABASE_URL"):
    os.environ.update(_until_exit.enter_context(throw_away_services()))

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
VAR.mkdir(exist_ok=True)
_media = tempfile.mkdtemp(prefix="test-media-", dir=VAR)
_until_exit.callback(shutil.rmtree, _media, ignore_errors=True)
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # synchronous Playwright runs an event loop in the test's thread
        "CACHE_KEY_PREFIX": f"test-{os.environ.get('TEST_DB_NAME', os.getppid())}-{_worker}",
        "MEDIA_ROOT": _media,
    }
)
# Argon2 is slow on purpose; the tests sign in hundreds of times.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
django.setup()
