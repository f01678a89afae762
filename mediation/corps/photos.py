"""Photos of duties: distrusted on the way in, drawn anew so that nothing but the picture remains, out through the scope.

A phone writes where it was into every photo; positions are recorded only by consent (beyond.md), so that part is never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile

from casework import store
from mediation import uploads
from mediation.models import Duty
from organisations.rules import NotAllowed

MAX_BYTES = 20 * 1024 * 1024
#: Longest side kept, in pixels: enough to recognise a place.
LONGEST = 1600


def _named(hashes: Collection[str]) -> set[str]:
    return set(Duty.objects.filter(photo_sha256__in=hashes).values_list("photo_sha256", flat=True))


ROOM = store.open_room("duties", _named)


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo in the store, by the hash of what was kept; empty for none."""

    sha256: str
    size: int


NONE = Kept("", 0)


def keep(upload: UploadedFile) -> Kept:
    """Take a JPEG or PNG in as a plain JPEG without metadata. Raises NotAllowed (422)."""
    if upload.size is None or not 0 < upload.size <= MAX_BYTES:
        raise NotAllowed("照片是空的，或者超过20兆。", code="photo_size", status=422)
    content = uploads.drawn(upload, ("JPEG", "PNG"), into="JPEG", longest=LONGEST, quality=82, name="照片")
    digest = hashlib.sha256(content).hexdigest()
    ROOM.put(digest, [content])
    return Kept(digest, len(content))


def path_of(sha256: str) -> Path:
    return ROOM.path_of(sha256)


def open_photo(sha256: str) -> BinaryIO:
    return path_of(sha256).open("rb")
