"""Child processes that cannot outlive the launcher, not even when it is killed with -9."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launch.paths import ROOT
from launch.say import say

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024  # bytes; an older log is kept once as NAME.log.1


def die_with_parent(death_signal: int) -> Callable[[], None]:
    """For Popen's preexec_fn. Linux only; elsewhere the finally-blocks of the launcher are all there is."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died between the fork and the line above
            os.kill(os.getpid(), death_signal)

    return arrange


@dataclass
class Child:
    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 15.0  # seconds between the polite signal and -9
    uid: int | None = None
    gid: int | None = None
    inherit: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT if self.uid is None else "/",
                env=dict(self.env),
                start_new_session=True,
                user=self.uid,
                group=self.gid,
                extra_groups=[] if self.uid is not None else None,
                pass_fds=tuple(self.inherit),
                preexec_fn=die_with_parent(self.stop_signal),  # noqa: PLW1509  (the launcher has one thread)
            )

    @property
    def returncode(self) -> int | None:
        return None if self.process is None else self.process.poll()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            say(f"{self.name} 在 {self.grace:.0f} 秒内没有停止，强制结束")
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
