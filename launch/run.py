"""`python -m launch run`: the whole house on one machine, in the foreground, until Ctrl-C."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from launch import county, ports
from launch.children import Child
from launch.envfile import write_env_file
from launch.fonts import write_fonts_conf
from launch.locks import try_lock, wait_for_lock, write_note
from launch.paths import LOGS, ROOT, RUN_ENV, SECRETS, VAR
from launch.say import Refused, say, tail
from launch.secrets_file import kept_secrets
from launch.servers import Postgres, Valkey
from launch.signals import Stopped, ignore_signals, stop_on_signals
from launch.system import FOR_RUN, provide

RUN_LOCK = VAR / "run.lock"
DATA_LOCK = VAR / "data.lock"
MEDIA = VAR / "media"
FOR_MANAGEMENT_COMMANDS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "FONTCONFIG_FILE", "MEDIA_ROOT")
ANSWER_SECONDS = 120.0
STEADY_SECONDS = 60.0  # a child that has lived this long starts again at once
LONGEST_PAUSE = 30.0


@dataclass
class Kept:
    """A process of ours that is started again when it dies, after a pause that doubles while it keeps dying young."""

    child: Child
    started: float = 0.0
    pause: float = 1.0
    due: float | None = None

    def start(self) -> None:
        self.child.start()
        self.started = time.monotonic()
        self.due = None

    def look(self) -> None:
        now = time.monotonic()
        if self.child.alive:
            return
        if self.due is None:
            self.pause = 1.0 if now - self.started > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            say(f"{self.child.name}意外停止（代码 {self.child.returncode}），{self.pause:.0f} 秒后重新启动；日志 {self.child.log}")
        elif now >= self.due:
            self.start()


def bin_path(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def web_env(env: dict[str, str], host: str, port: int) -> dict[str, str]:
    return {
        **env,
        "HOST": host,
        "PORT": str(port),
        "DB_POOL": env.get("DB_POOL", "1"),
        "DB_STATEMENT_TIMEOUT_MS": env.get("DB_STATEMENT_TIMEOUT_MS", "30000"),
        "DB_IDLE_TRANSACTION_TIMEOUT_MS": env.get("DB_IDLE_TRANSACTION_TIMEOUT_MS", "60000"),
        "MALLOC_ARENA_MAX": "2",
    }


def offices(env: dict[str, str], host: str, port: int) -> list[Kept]:
    """web, worker, beat, in the order of starting."""
    celery = [bin_path("celery"), "-A", "config"]
    unpooled = {**env, "DB_POOL": "0"}
    return [
        Kept(
            Child(
                "网页服务",
                [bin_path("gunicorn"), "-c", "deploy/gunicorn.conf.py", "config.wsgi"],
                LOGS / "web.log",
                web_env(env, host, port),
            )
        ),
        Kept(
            Child(
                "后台任务",
                [*celery, "worker", "-c", env.get("WORKER_PROCESSES", "2"), "-l", "INFO", "--without-gossip", "--without-mingle"],
                LOGS / "worker.log",
                {**unpooled, "C_FORCE_ROOT": "1"},  # tasks carry ids as JSON, never pickles
                grace=30,
            )
        ),
        Kept(Child("定时器", [*celery, "beat", "-l", "INFO", "--pidfile="], LOGS / "beat.log", unpooled)),
    ]


def wait_for_answer(address: str, web: Child) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        if not web.alive:
            raise Refused(f"网页服务没有启动，日志 {web.log}：\n{tail(web.log)}")
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=5) as answer:  # noqa: S310  (our own address)
                if answer.status == 200:
                    return
        except (OSError, http.client.HTTPException):
            # Before the server listens, a try from a port of the same number meets itself and hears its own question.
            time.sleep(0.1)
    raise Refused(f"网页服务在 {ANSWER_SECONDS:.0f} 秒内没有应答，日志 {web.log}：\n{tail(web.log)}")


def ask_sign_ins(env: dict[str, str]) -> subprocess.Popen[str]:
    """Asked while the web server starts, shown when it answers."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo_accounts"], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def take_run_lock() -> int | None:
    lock = try_lock(RUN_LOCK)
    if lock is None:
        process, _, address = RUN_LOCK.read_text().partition(" ")
        say(f"已经在运行：{address or '正在启动'}（进程 {process or '未知'}）。要停止它，请在它的窗口按 Ctrl-C，或执行 kill {process}")
    return lock


def prepare_var() -> None:
    try:
        VAR.mkdir(mode=0o755, exist_ok=True)
        for folder in (LOGS, MEDIA):
            folder.mkdir(mode=0o700, exist_ok=True)
        for name in (SECRETS, RUN_LOCK):
            if name.exists() and not os.access(name, os.R_OK | os.W_OK):
                raise PermissionError(13, "不可读写", str(name))
    except PermissionError as error:
        raise Refused(
            f"{error.filename} 属于别的用户（上次是用 root 运行的？）。请用同一用户运行，或执行：sudo chown -R $(id -u):$(id -g) var"
        ) from error


def run() -> int:
    prepare_var()
    lock = take_run_lock()
    if lock is None:
        return 0
    stop_on_signals()
    write_note(lock, f"{os.getpid()} ")
    stack = contextlib.ExitStack()
    try:
        serve(stack, lock)
    except Stopped:
        sys.stdout.write("\n")
        say("正在停止……")
    finally:
        ignore_signals()
        stack.close()
        say(f"已全部停止，数据保存在 {VAR}")
    return 0


def serve(stack: contextlib.ExitStack, lock: int) -> None:
    """Starts everything, bottom up, registering with `stack` how to stop it, and watches until a signal comes."""
    provide(FOR_RUN)
    keys = kept_secrets(SECRETS)
    data_lock = wait_for_lock(DATA_LOCK, 45)
    if data_lock is None:
        raise Refused("上次运行的数据库还没有退出，请过一会儿再试")
    stack.callback(os.close, data_lock)

    env: dict[str, str] = {
        **{name: value for name, value in keys.items() if name.isupper() and not name.endswith("_PASSWORD")},
        "FONTCONFIG_FILE": str(write_fonts_conf(VAR)),
        "MEDIA_ROOT": str(MEDIA),
        "BEAT_STATE": str(VAR / "beat"),
        **os.environ,
    }
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    if not os.environ.get("DATABASE_URL"):
        postgres = Postgres(VAR / "pg", keys["POSTGRES_PASSWORD"], LOGS / "postgres.log", inherit=(data_lock,))
        stack.callback(postgres.stop)
        postgres.start()
        env["DATABASE_URL"] = postgres.url(county.DATABASE)
    if not os.environ.get("REDIS_URL"):
        valkey = Valkey(VAR / "valkey", keys["VALKEY_PASSWORD"], LOGS / "valkey.log", inherit=(data_lock,))
        stack.callback(valkey.stop)
        valkey.start()
        env["REDIS_URL"] = valkey.url(0)
    say("数据库和队列已启动")

    if postgres is not None:
        county.prepare_embedded(postgres, env, MEDIA)
    else:
        county.prepare_given(env, VAR / "seeding-given-database")
    write_env_file(RUN_ENV, {name: env[name] for name in FOR_MANAGEMENT_COMMANDS})
    stack.callback(RUN_ENV.unlink, missing_ok=True)

    host = os.environ.get("HOST", "127.0.0.1")
    port = ports.web_port(host, wanted_port())
    address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}/"  # noqa: S104  (compared, not bound)
    kept = offices(env, host, port)
    stack.callback(kept[0].child.stop)
    kept[0].start()
    sign_ins = ask_sign_ins(env)
    wait_for_answer(address, kept[0].child)
    for office in kept[1:]:
        stack.callback(office.child.stop)
        office.start()
    write_note(lock, f"{os.getpid()} {address}")
    sys.stdout.write(sign_ins.communicate()[0])
    say(f"已就绪：{address}    按 Ctrl-C 停止")
    while True:
        time.sleep(0.5)
        for server, name in ((postgres, "数据库"), (valkey, "队列")):
            if server is not None and server.ensure_running():
                say(f"{name}意外停止，已重新启动")
        for office in kept:
            office.look()


def wanted_port() -> int:
    try:
        port = int(os.environ.get("PORT", "8000"))
    except ValueError as error:
        raise Refused("PORT 必须是数字") from error
    if not 0 < port < 65_536:
        raise Refused("PORT 必须在 1 到 65535 之间")
    return port
