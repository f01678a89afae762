"""The history's one writer. Lines are appended, chained by hash within the case, and never changed (ALL-6)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from casework import rows
from casework.models import Case, Entry
from organisations import clock
from organisations.access import origin
from organisations.scope import Standing

#: Stands for a number not known yet; the number is the line's first field.
_ANY = "#"


def record(
    case: Case,
    *,
    act: str,
    label: str,
    standing: Standing,
    at: datetime,
    text: str = "",
    detail: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
    is_internal: bool = False,
    deferred: bool = False,
) -> Entry:
    """Append a line to the case's history and move the case's head on (the caller saves the case).

    `standing` says by which post it was done and for whom («B 代 A»). With `deferred` the row is returned unsaved,
    to be written by the act's last statement; that of a case not numbered yet takes its hash there.
    """
    entry = Entry(
        case=case,
        no=case.entries + 1,
        at=clock.entered(at),
        happened_at=happened_at or at,
        act=act,
        label=label,
        stage=case.stage,
        by_id=standing.user_id,
        by_label=f"{standing.user_name}（{standing.label}）",
        unit_id=standing.unit_id,
        on_behalf_of_id=standing.on_behalf_of_id,
        absence_id=standing.absence_id,
        text=text,
        detail=detail or {},
        is_internal=is_internal,
        address=origin.get().address,
        prev_hash=case.head_hash,
    )
    entry.hash = _seal(entry, case.number)
    case.entries = entry.no
    case.head_hash = entry.hash
    if not deferred:
        entry.save(force_insert=True)
    return entry


def _seal(entry: Entry, number: str | rows.Asked) -> Any:
    """The line's hash, or how the statement that numbers the case computes it."""
    if isinstance(number, str):
        return digest(entry, number)
    before, after = canonical(entry, _ANY).split(_ANY, 1)
    return rows.Asked(f"encode(sha256(convert_to(%s::text || {number.sql} || %s::text, 'UTF8')), 'hex')", (before, after))


def digest(entry: Entry, number: str) -> str:
    """SHA-256 over every field of the line and the hash before it; the verifier recomputes it from what it reads."""
    return hashlib.sha256(canonical(entry, number).encode()).hexdigest()


def canonical(entry: Entry, number: str) -> str:
    """The line as the text its hash is taken over."""
    fields = [
        number,
        entry.no,
        entry.at.astimezone(UTC).isoformat(),
        entry.happened_at.astimezone(UTC).isoformat(),
        entry.act,
        entry.label,
        entry.stage,
        entry.by_id,
        entry.by_label,
        entry.unit_id,
        entry.on_behalf_of_id,
        entry.absence_id,
        entry.text,
        entry.detail,
        entry.is_internal,
        entry.address,
        entry.prev_hash,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
