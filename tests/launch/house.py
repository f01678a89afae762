"""A whole house, started as a user starts it, in a folder of its own."""

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from launch.envfile import read_env_file
from launch.paths import ROOT

# What this test run has in its environment and a user's shell does not.
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "BLIND_INDEX_KEY",
    "FONTCONFIG_FILE",
    "MEDIA_ROOT",
    "CACHE_URL",
    "CACHE_KEY_PREFIX",
    "MAKELEVEL",
)
READY = "已就绪"


class House:
    def __init__(self, var: Path, port: int) -> None:
        # SEED=0: the demo county has tests of its own. NO_INSTALL: a test installs nothing on the machine.
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.env = {**kept, "VAR_DIR": str(var), "PORT": str(port), "SEED": "0", "NO_INSTALL": "1", "PYTHONUNBUFFERED": "1"}
        self.var = var
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.said = ""

    def launch(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "launch", "run"], cwd=ROOT, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def start(self) -> "House":
        """Returns when it says that it is ready."""
        self.process = self.launch()
        self.lines, self.said = queue.Queue(), ""
        threading.Thread(target=self._read, args=(self.process, self.lines), daemon=True).start()
        self.wait_for(READY, 120)
        return self

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    def wait_for(self, words: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said:
            line = self.lines.get(timeout=max(0.1, deadline - time.monotonic()))
            assert line is not None, f"ended before saying {words!r}:\n{self.said}"
            self.said += line

    @property
    def address(self) -> str:
        found = re.search(rf"{READY}：(http://\S+)", self.said)
        assert found is not None, self.said
        return found.group(1)

    @property
    def database_url(self) -> str:
        return read_env_file(self.var / "env")["DATABASE_URL"]

    def everything(self) -> list[psutil.Process]:
        assert self.process is not None
        launcher = psutil.Process(self.process.pid)
        return [launcher, *launcher.children(recursive=True)]

    def kill_everything(self) -> None:
        """kill -9 of the launcher and of every process it has, with no order."""
        kill(self.everything())
        assert self.process is not None
        self.process.wait()

    def kill_all_but_the_launcher(self) -> None:
        """-9 to web, worker, beat, Valkey and every PostgreSQL process, all at once."""
        kill(self.everything()[1:])

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):  # it went with another one
            process.kill()
    psutil.wait_procs(processes, timeout=10)
