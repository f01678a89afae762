"""The access log's one writer (L-SEC-5…7): who looked at, took away or changed what, from where, with what result."""

from __future__ import annotations

import hashlib
import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from organisations import clock
from organisations.models import AccessEntry, Unit, User


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. Set by the middleware, empty for the clock and the command line."""

    address: str = ""
    session: str = ""
    request_id: str = ""


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 (frozen)


def log(
    event: AccessEntry.Event,
    *,
    user: User | None,
    user_label: str = "",
    unit: Unit | None = None,
    unit_id: int | None = None,
    object_type: str = "",
    object_id: str | int = "",
    object_label: str = "",
    field: str = "",
    ground: str = "",
    detail: dict[str, Any] | None = None,
    succeeded: bool = True,
) -> AccessEntry:
    """Append one line. `detail` must hold masked values only; the row can never be changed afterwards."""
    source = origin.get()
    entry = AccessEntry(
        at=clock.now(),
        event=event,
        user=user,
        user_label=user_label or (f"{user.name}（{user.username}）" if user else ""),
        unit_id=unit.id if unit else unit_id,
        object_type=object_type,
        object_id=str(object_id),
        object_label=object_label[:120],
        field=field,
        ground=ground[:300],
        detail=detail or {},
        succeeded=succeeded,
        address=source.address or None,
        session=source.session,
        request_id=source.request_id,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: AccessEntry) -> str:
    """SHA-256 over every stored field of the line; the verifier recomputes it from what it reads back."""
    fields = [
        entry.at.astimezone(UTC).isoformat(),
        entry.event,
        entry.user_id,
        entry.user_label,
        entry.unit_id,
        entry.object_type,
        entry.object_id,
        entry.object_label,
        entry.field,
        entry.ground,
        entry.detail,
        entry.succeeded,
        entry.address or "",
        entry.session,
        entry.request_id,
    ]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
