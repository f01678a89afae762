"""The web server as production runs it: gunicorn gthread, two workers of four threads, pooled connections."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from bench.cluster import FOLDER
from launch.children import Child
from launch.paths import ROOT
from launch.ports import free_port
from launch.run import bin_path, web_env

WORKERS, THREADS = 2, 4


@dataclass
class Server:
    port: int
    child: Child
    database_pid: int

    def workers(self) -> list[psutil.Process]:
        assert self.child.process is not None
        return psutil.Process(self.child.process.pid).children()

    def web_seconds(self) -> float:
        """CPU seconds of all workers so far."""
        return sum(sum(worker.cpu_times()[:2]) for worker in self.workers())

    def database_seconds(self) -> float:
        """CPU seconds of PostgreSQL's processes that live, and of those that have ended."""
        postmaster = psutil.Process(self.database_pid)
        total = sum(postmaster.cpu_times()[:4])
        for process in postmaster.children():
            try:
                total += sum(process.cpu_times()[:2])
            except psutil.NoSuchProcess:
                continue
        return total

    def memory(self) -> list[tuple[int, int]]:
        """(RSS, PSS) of each worker in MB; PSS counts a page shared by the workers in parts."""
        return [(w.memory_info().rss >> 20, w.memory_full_info().pss >> 20) for w in self.workers()]


@contextmanager
def web(env: Mapping[str, str]) -> Iterator[Server]:
    """Started on a free port of the loopback, stopped at the end."""
    port = free_port()
    settings = {"WEB_WORKERS": str(WORKERS), "WEB_THREADS": str(THREADS), "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
    given = {**os.environ, **env, **settings}
    if given.get("STATICFILES_MODE") == "manifest":
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=given, check=True)
    # The tests' environment brings libraries that DRF loads when it finds them; production has requirements.txt alone.
    gunicorn = f"{os.environ['BENCH_VENV']}/bin/gunicorn" if "BENCH_VENV" in os.environ else bin_path("gunicorn")
    command = [gunicorn, "-c", "deploy/gunicorn.conf.py", "config.wsgi"]
    child = Child("web", command, FOLDER / "web.log", web_env(given, "127.0.0.1", port))
    child.start()
    try:
        _wait(port, child)
        yield Server(port, child, _postmaster())
    finally:
        child.stop()


def _postmaster() -> int:
    return int((FOLDER / "pg" / "postmaster.pid").read_text().splitlines()[0])


def _wait(port: int, child: Child) -> None:
    for _ in range(600):
        if not child.alive:
            raise SystemExit(f"the web server did not start: {FOLDER / 'web.log'}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/hello", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("the web server does not answer")
