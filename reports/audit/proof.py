"""The history of one case with everything needed to check it without the application: canonical lines, hashes, the seals of its days.

Each line is given as the very text its hash was taken over (`casework.timeline.digest`), nothing left out: a masked line would
have another hash. Lines hold no identity or telephone number; those are stored apart and are not part of the history. A seal is
taken over the hashes of all lines of its day, so the other cases' lines appear as hashes alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from casework.models import Case, Entry, Seal
from casework.timeline import canonical

FORMAT = "yimen-history/1"


def package(case: Case, *, mark: str) -> bytes:
    """The file: UTF-8 JSON with sorted keys; `sha256` is over the same bytes without that field."""
    lines = list(Entry.objects.filter(case=case).order_by("no"))
    content: dict[str, Any] = {
        "format": FORMAT,
        "mark": mark,
        "case": {"number": case.number, "lines": case.entries, "head": case.head_hash},
        "lines": [{"id": line.pk, "no": line.no, "content": canonical(line, case.number), "hash": line.hash} for line in lines],
        "seals": [_seal(seal) for seal in _seals([line.pk for line in lines])],
        "unsealed": [line.no for line in lines if line.pk > _last_sealed()],
    }
    content["sha256"] = hashlib.sha256(_bytes(content)).hexdigest()
    return _bytes(content)


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _last_sealed() -> int:
    return Seal.objects.order_by("-id").values_list("last_entry", flat=True).first() or 0


def _seals(line_ids: list[int]) -> list[Seal]:
    """The seals that hold one of these lines, in order."""
    found = Seal.objects.filter(first_entry__lte=max(line_ids, default=0), last_entry__gte=min(line_ids, default=0)).order_by("id")
    return [seal for seal in found if any(seal.first_entry <= pk <= seal.last_entry for pk in line_ids)]


def _seal(seal: Seal) -> dict[str, Any]:
    rows = Entry.objects.filter(id__range=(seal.first_entry, seal.last_entry)).order_by("id").values_list("pk", "hash")
    return {
        "day": seal.day.isoformat(),
        "previous": seal.prev_hash,
        "hash": seal.hash,
        "lines": [[pk, digest] for pk, digest in rows.iterator(chunk_size=2000)],
    }
