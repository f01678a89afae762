"""Two advisory locks under var/.

run.lock is held by the launcher alone and answers "is it already running?".
data.lock is also inherited by the servers: it stays held until the last process that may write the data folders has gone,
so a start right after a kill -9 waits for the old servers instead of meeting them.
"""

import fcntl
import os
import time
from pathlib import Path


def try_lock(path: Path) -> int | None:
    """The descriptor that holds the lock, or None while another process has it. Closing it, or dying, lets go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def wait_for_lock(path: Path, seconds: float) -> int | None:
    deadline = time.monotonic() + seconds
    while (descriptor := try_lock(path)) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return descriptor


def write_note(descriptor: int, note: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, note.encode(), 0)
