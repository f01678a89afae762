"""`python -m launch services`: one shared PostgreSQL and Valkey for development and single tests; var/dev/env says how to reach them."""

import os
import signal
import subprocess
import sys
import time

from launch.envfile import read_env_file, write_env_file
from launch.fonts import write_fonts_conf
from launch.locks import try_lock, write_note
from launch.paths import DEV, DEV_ENV, ROOT, VAR
from launch.say import Refused, say, tail
from launch.secrets_file import kept_secrets
from launch.servers import Pair
from launch.signals import Stopped, ignore_signals, stop_on_signals

LOCK = DEV / "services.lock"
LOG = DEV / "services.log"


def serve() -> int:
    lock = try_lock(LOCK)
    if lock is None:
        say(f"开发用服务已在运行，连接方式见 {DEV_ENV}")
        return 0
    write_note(lock, str(os.getpid()))
    stop_on_signals()
    keys = kept_secrets(DEV / "secrets.env")
    pair = Pair(DEV, secret=keys["POSTGRES_PASSWORD"])
    if DEV_ENV.exists():  # the same ports as before, so that shells which have sourced the file stay right
        before = read_env_file(DEV_ENV)
        pair.postgres.port, pair.valkey.port = int(before.get("PG_PORT", 0)), int(before.get("VALKEY_PORT", 0))
    try:
        pair.start()
        if not pair.postgres.has_database("yimen"):
            pair.postgres.execute("CREATE DATABASE {}", "yimen")
        write_env_file(
            DEV_ENV,
            {
                "DATABASE_URL": pair.postgres.url("yimen"),
                "REDIS_URL": pair.valkey.url(0),
                **{name: keys[name] for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY")},
                "FONTCONFIG_FILE": str(write_fonts_conf(VAR)),
                "PG_PORT": str(pair.postgres.port),
                "VALKEY_PORT": str(pair.valkey.port),
            },
        )
        say(f"PostgreSQL {pair.postgres.port}，Valkey {pair.valkey.port}；连接方式见 {DEV_ENV}")
        while True:
            time.sleep(1)
            pair.keep_alive()
    except Stopped:
        return 0
    finally:
        ignore_signals()
        pair.stop()


def detach() -> int:
    """Starts serve() in a session of its own and returns when the servers answer."""
    DEV.mkdir(parents=True, exist_ok=True)
    before = DEV_ENV.stat().st_mtime_ns if DEV_ENV.exists() else 0
    # Without make's name in its environment it does not stop with its parent (launch.signals), which is gone in a moment.
    env = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"}
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "launch", "services"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        code = process.poll()
        if code == 0 or (DEV_ENV.exists() and DEV_ENV.stat().st_mtime_ns != before):
            say("开发用服务在运行。用法：set -a; . var/dev/env; set +a; TEST_DB_NAME=test_me .venv/bin/pytest tests/x --create-db")
            return 0
        if code is not None:
            break
        time.sleep(0.1)
    raise Refused(f"开发用服务没有启动，日志 {LOG}：\n{tail(LOG)}")


def stop() -> int:
    if not LOCK.exists() or (lock := try_lock(LOCK)) is not None:
        if LOCK.exists() and lock is not None:
            os.close(lock)
        say("开发用服务没有在运行")
        return 0
    os.kill(int(LOCK.read_text()), signal.SIGTERM)
    say("已请开发用服务停止")
    return 0
