"""The bytes of files, each under the hash of its content: whole or not there, and gone when no row names them.

Bytes go in before the row that names them is committed. A writer that dies in between, or whose transaction fails, leaves
bytes nobody names: the sweep takes away what is older than a day and named by no row. Bytes that come again while they are
being taken away wait for each other by a lock on their hash.
"""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from organisations import clock
from organisations.rules import NotAllowed

log = logging.getLogger("yimen.store")

#: How long bytes may lie without a row: no upload, no transaction takes a day.
UNNAMED_FOR = timedelta(days=1)
#: So many hashes are asked for at once.
AT_ONCE = 2000
_LOCK = 0x57
_PART = ".part"
#: What the system of files answers when it takes nothing more: the disk, or this account's share of it.
FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM = "服务器存储空间已满，文件没有保存。请告知系统管理员清理后再传；没有文件的内容可以照常保存。"


@dataclass(frozen=True, slots=True)
class Room:
    """A folder of the store. `named` answers which of these hashes some row names."""

    folder: str
    named: Callable[[Collection[str]], set[str]]

    def path_of(self, sha256: str) -> Path:
        return Path(settings.MEDIA_ROOT) / self.folder / sha256[:2] / sha256

    def put(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """The bytes of that hash into the store. Inside a transaction they are safe from the sweep until it ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", [_LOCK, self._key(sha256)])
        write(self.path_of(sha256), chunks)

    def drop(self, sha256: str) -> bool:
        """Take the bytes away unless a row names them, now or in a transaction that has brought them. Answers whether they went."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, self._key(sha256)])
            if not cursor.fetchone()[0] or self.named([sha256]):
                return False
            self.path_of(sha256).unlink(missing_ok=True)
            return True

    def _key(self, sha256: str) -> str:
        return f"{self.folder}/{sha256}"


_rooms: dict[str, Room] = {}


def open_room(folder: str, named: Callable[[Collection[str]], set[str]]) -> Room:
    """A room of that name; the sweep looks after all that were opened."""
    return _rooms.setdefault(folder, Room(folder, named))


@contextmanager
def told_when_full(words: str = NO_ROOM) -> Iterator[None]:
    """A full disk is no fault of the house: a sentence for the person and a line for the administrator. Raises NotAllowed (507)."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.error("no room left below %s", settings.MEDIA_ROOT)
        raise NotAllowed(words, code="disk_full", status=507) from error


def write(target: Path, chunks: Iterable[bytes]) -> None:
    """Into the file, whole or not at all. Each writer has a scratch file of its own: two may bring the same bytes at once.

    Raises NotAllowed (507) when the disk is full.
    """
    if target.exists():
        os.utime(target)
        return
    with told_when_full():
        target.parent.mkdir(parents=True, exist_ok=True, mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
        scratch = target.with_name(f"{target.name}.{uuid4().hex}{_PART}")
        try:
            with scratch.open("wb") as out:
                scratch.chmod(settings.FILE_UPLOAD_PERMISSIONS)
                for chunk in chunks:
                    out.write(chunk)
            scratch.replace(target)
        finally:
            scratch.unlink(missing_ok=True)


def sweep() -> int:
    """Take away half files of dead writers and bytes no row names, once they are a day old. Returns how many went."""
    before = (clock.now() - UNNAMED_FOR).timestamp()
    return sum(_sweep(room, before) for room in list(_rooms.values()))


def _sweep(room: Room, before: float) -> int:
    gone, whole = 0, []
    for file in _older(room, before):
        if file.suffix == _PART:
            file.unlink(missing_ok=True)
            gone += 1
        else:
            whole.append(file.name)
    for start in range(0, len(whole), AT_ONCE):
        some = whole[start : start + AT_ONCE]
        gone += sum(room.drop(sha256) for sha256 in set(some) - room.named(some))
    return gone


def _older(room: Room, before: float) -> Iterator[Path]:
    for file in (Path(settings.MEDIA_ROOT) / room.folder).glob("??/*"):
        try:
            if file.stat().st_mtime < before:
                yield file
        except FileNotFoundError:  # taken away by its own writer meanwhile
            continue
