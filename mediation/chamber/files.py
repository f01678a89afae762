"""Photos and papers of a conversation: distrusted on the way in, kept under their hash, out only through the conversation.

A picture is drawn anew: the phone's metadata (where it was taken) and whatever else hid behind it stay outside.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from casework import attachments
from casework.rules import NotAllowed
from mediation.chamber import rules

_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}
#: What may be sent besides pictures; recognised by its first bytes (casework.attachments).
_PAPERS = frozenset({"pdf", "doc", "docx", "xlsx"})
_ONLY = "这里只能发照片、PDF、Word、Excel文件。录音、录像请带到窗口。"
#: More pixels than any phone takes; a bomb unpacks to more. The longest side that is kept still lets a paper be read.
_MAX_PIXELS = 60_000_000
_LONGEST = 2400


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store."""

    name: str
    content_type: str
    size: int
    sha256: str


def take_in(uploads: Sequence[UploadedFile]) -> list[Kept]:
    """Check all, then keep all; the same file twice is one. Raises NotAllowed (422)."""
    if len(uploads) > rules.FILES_AT_ONCE:
        raise NotAllowed(f"一次最多选{rules.FILES_AT_ONCE}个文件。", code="too_many", status=422)
    for upload in uploads:
        if upload.size is None or upload.size > rules.FILE_BYTES:
            raise NotAllowed(f"“{_short(upload)}”超过{rules.FILE_MIB}兆，请压缩后再传。", code="too_big", status=422)
        if upload.size == 0:
            raise NotAllowed(f"“{_short(upload)}”是空的，请重新选择。", code="empty_file", status=422)
    kept = {found.sha256: found for found in [_kept(upload) for upload in uploads]}
    return list(kept.values())


def _kept(upload: UploadedFile) -> Kept:
    try:
        kind = attachments.sniff(upload)
    except NotAllowed as error:
        raise NotAllowed(_ONLY, code="file_type", status=422) from error
    if kind.content_type in _PICTURES:
        content = _drawn(upload, _PICTURES[kind.content_type])
    elif kind.extension in _PAPERS:
        upload.seek(0)
        content = upload.read()
    else:
        raise NotAllowed(_ONLY, code="file_type", status=422)
    digest = hashlib.sha256(content).hexdigest()
    _store(digest, content)
    return Kept(attachments.clean_name(upload.name or "", kind), kind.content_type, len(content), digest)


def _drawn(upload: UploadedFile, form: str) -> bytes:
    """The picture alone, upright, without metadata. Raises NotAllowed (422)."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # heavy: only a worker that is sent a picture pays for it

    upload.seek(0)
    try:
        with Image.open(upload, formats=(form,)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise NotAllowed(f"“{_short(upload)}”的像素过大，请压缩后再传。", code="too_big", status=422)
            turned = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAllowed(f"“{_short(upload)}”打不开，请重新拍照或者另选一个。", code="file_type", status=422) from error
    turned.thumbnail((_LONGEST, _LONGEST))
    out = io.BytesIO()
    turned.save(out, form, quality=85)
    return out.getvalue()


def _short(upload: UploadedFile) -> str:
    return (upload.name or "文件")[:40]


def _store(digest: str, content: bytes) -> None:
    target = path_of(digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
    scratch = target.with_suffix(".part")
    scratch.write_bytes(content)
    scratch.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    scratch.replace(target)


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "chamber" / sha256[:2] / sha256


def open_file(sha256: str) -> BinaryIO:
    return path_of(sha256).open("rb")
