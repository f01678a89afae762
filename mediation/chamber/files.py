"""Photos and papers of a conversation: distrusted on the way in, kept under their hash, out only through the conversation.

A picture is drawn anew: the phone's metadata (where it was taken) and whatever else hid behind it stay outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile

from casework import attachments
from casework.rules import NotAllowed
from casework.store import open_room
from mediation import uploads
from mediation.chamber import rules
from mediation.models import ChamberFile

_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}
#: What may be sent besides pictures; recognised by its first bytes (casework.attachments).
_PAPERS = frozenset({"pdf", "doc", "docx", "xlsx"})
_ONLY = "这里只能发照片、PDF、Word、Excel文件。录音、录像请带到窗口。"
#: The longest side that is kept still lets a paper be read.
_LONGEST = 2400


def _named(hashes: Collection[str]) -> set[str]:
    return set(ChamberFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


ROOM = open_room("chamber", _named)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it will be kept."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes


def take_in(sent: Sequence[UploadedFile]) -> list[Kept]:
    """Check all, and draw the pictures anew; the same file twice is one. Nothing is stored yet. Raises NotAllowed (422)."""
    if len(sent) > rules.FILES_AT_ONCE:
        raise NotAllowed(f"一次最多选{rules.FILES_AT_ONCE}个文件。", code="too_many", status=422)
    for upload in sent:
        if upload.size is None or upload.size > rules.FILE_BYTES:
            raise NotAllowed(f"“{_short(upload)}”超过{rules.FILE_MIB}兆，请压缩后再传。", code="too_big", status=422)
        if upload.size == 0:
            raise NotAllowed(f"“{_short(upload)}”是空的，请重新选择。", code="empty_file", status=422)
    kept = {found.sha256: found for found in [_kept(upload) for upload in sent]}
    return list(kept.values())


def _kept(upload: UploadedFile) -> Kept:
    try:
        kind = attachments.sniff(upload)
    except NotAllowed as error:
        raise NotAllowed(_ONLY, code="file_type", status=422) from error
    if kind.content_type in _PICTURES:
        form = _PICTURES[kind.content_type]
        content = uploads.drawn(upload, (form,), into=form, longest=_LONGEST, quality=85, name=f"“{_short(upload)}”")
    elif kind.extension in _PAPERS:
        upload.seek(0)
        content = upload.read()
    else:
        raise NotAllowed(_ONLY, code="file_type", status=422)
    digest = hashlib.sha256(content).hexdigest()
    return Kept(attachments.clean_name(upload.name or "", kind), kind.content_type, len(content), digest, content)


def _short(upload: UploadedFile) -> str:
    return (upload.name or "文件")[:40]


def store(kept: Sequence[Kept]) -> None:
    """Into the store: the last thing before the rows that name them are committed."""
    for one in kept:
        ROOM.put(one.sha256, [one.content])


def path_of(sha256: str) -> Path:
    return ROOM.path_of(sha256)


def open_file(sha256: str) -> BinaryIO:
    return path_of(sha256).open("rb")
