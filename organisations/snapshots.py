"""What is read on every page and changed a few times a month, held in memory by each process.

A snapshot carries the version the cache names: a random word, new with every change, so that a cache that lost its
memory can only make a process read again, never believe an old copy. Within a request, and within `pinned()`, it is
asked for once: whoever acts sees one tree and one set of limits from beginning to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Generic, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

from organisations.access import origin

T = TypeVar("T")
_pin: ContextVar[str] = ContextVar("snapshot_pin", default="")


@contextmanager
def pinned() -> Iterator[None]:
    """Outside a request: ask for each snapshot once for everything inside (a chunk of an import)."""
    token = _pin.set(uuid4().hex)
    try:
        yield
    finally:
        _pin.reset(token)


class Snapshot(Generic[T]):
    """One such thing: its name in the cache, and how it is read from the database."""

    def __init__(self, name: str, read: Callable[[], T]) -> None:
        self._key = f"snapshot:{name}"
        self._read = read
        self._lock = Lock()
        self._held: tuple[str, T] | None = None
        self._asked: ContextVar[tuple[str, T] | None] = ContextVar(f"asked_{name}", default=None)

    def current(self) -> T:
        """The newest copy; re-read when somebody changed what it shows."""
        whole = origin.get().request_id or _pin.get()
        asked = self._asked.get()
        if whole and asked is not None and asked[0] == whole:
            return asked[1]
        copy = self._newest()
        if whole:
            self._asked.set((whole, copy))
        return copy

    def _newest(self) -> T:
        version = cache.get(self._key)
        held = self._held
        if version is not None and held is not None and held[0] == version:
            return held[1]
        if version is None:
            version = uuid4().hex
            cache.add(self._key, version, timeout=None)
        with self._lock:
            copy = self._read()
            self._held = (version, copy)
        return copy

    def changed(self) -> None:
        """Call in the transaction that changed the rows; takes effect everywhere on commit."""
        transaction.on_commit(self._renew)

    def forget(self) -> None:
        """Drop this process's copy (between tests, whose data is rolled back)."""
        self._held = None
        self._asked.set(None)

    def _renew(self) -> None:
        self.forget()
        cache.set(self._key, uuid4().hex, timeout=None)
