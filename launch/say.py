"""What the person at the terminal reads."""

import sys
import time
from pathlib import Path

STARTED = time.monotonic()


class Refused(Exception):
    """The launch cannot go on; the message says why and what to do."""


def say(message: str) -> None:
    sys.stdout.write(f"[{time.monotonic() - STARTED:5.1f}s] {message}\n")
    sys.stdout.flush()


def tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return ""
    return "\n".join("    " + line for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
