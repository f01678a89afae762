"""Ctrl-C, SIGTERM and a closed terminal all mean: stop everything in order."""

import ctypes
import os
import signal
import sys
from types import FrameType

from launch.children import PR_SET_PDEATHSIG

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asked to stop. Not an Exception: nothing on the way may swallow it."""


def _raise(number: int, _frame: FrameType | None) -> None:
    raise Stopped(signal.Signals(number).name)


def stop_on_signals() -> None:
    for number in STOPPING:
        signal.signal(number, _raise)
    if "MAKELEVEL" in os.environ and sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # when make is killed with -9, stop in order


def ignore_signals() -> None:
    """While stopping, a second Ctrl-C changes nothing."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
