"""Files on a case: one way in, distrusted; one way out, through the scope."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework import store
from casework.models import Attachment, Case, Draft
from casework.rules import NotAllowed
from organisations import clock
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class FileType:
    extension: str
    content_type: str
    magic: tuple[bytes, ...]


#: What may come in, recognised by its first bytes, not by what the sender calls it.
TYPES = (
    FileType("pdf", "application/pdf", (b"%PDF-",)),
    FileType("jpg", "image/jpeg", (b"\xff\xd8\xff",)),
    FileType("png", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    FileType("doc", "application/msword", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    FileType("mp3", "audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3")),
    FileType("mp4", "video/mp4", (b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x1cftyp", b"\x00\x00\x00\x20ftyp")),
)
MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 30
#: What one request carries; the reverse proxy takes no more than 60 MiB (deploy/nginx.conf.template).
MAX_TOGETHER = 50 * 1024 * 1024
#: What a Word or Excel file must hold besides its list of contents; it is a ZIP, and so is anything else called .docx.
PACKAGES = {"docx": "word/", "xlsx": "xl/"}
#: Unpacked bytes of such a file: forty pages of photographs stay below it, a ZIP bomb does not. Told by its directory, nothing is unpacked.
MAX_UNPACKED = 200 * 1024 * 1024


def _named(hashes: Collection[str]) -> set[str]:
    return set(Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


ROOM = store.open_room("attachments", _named)


@transaction.atomic
def add(upload: UploadedFile, *, by: Scope, case: Case | None = None, draft: Draft | None = None, label: str = "") -> Attachment:
    """Take a file in. Raises NotAllowed (422) for a type or size that may not come in."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise NotAllowed("文件超过20兆，请压缩或分开上传。", code="too_big", status=422)
    if upload.size == 0:
        raise NotAllowed("文件是空的。", code="empty_file", status=422)
    held = Attachment.objects.filter(case=case) if case else Attachment.objects.filter(draft=draft, case=None)
    there = dict(held.values_list("sha256", "name"))
    if len(there) >= MAX_FILES:
        raise NotAllowed(f"一件最多{MAX_FILES}个附件。", code="too_many", status=422)
    kind = sniff(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    if digest.hexdigest() in there:
        raise NotAllowed(f"这个文件已经上传过：{there[digest.hexdigest()]}。", code="same_file", status=422)
    ROOM.put(digest.hexdigest(), upload.chunks())
    return Attachment.objects.create(
        case=case,
        draft=draft,
        name=clean_name(upload.name or "", kind),
        label=label[:60],
        content_type=kind.content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
        uploaded_by=by.user,
        uploaded_at=clock.now(),
    )


def sniff(upload: UploadedFile) -> FileType:
    """The type by first bytes, confirmed by the extension where two types share them. Raises NotAllowed (422)."""
    upload.seek(0)
    head = upload.read(32)
    extension = Path(upload.name or "").suffix.lower().lstrip(".")
    extension = {"jpeg": "jpg", "xls": "doc"}.get(extension, extension)
    matching = [kind for kind in TYPES if head.startswith(kind.magic)]
    for kind in matching:
        if kind.extension == extension or len(matching) == 1:
            if kind.extension in PACKAGES:
                _check_package(upload, PACKAGES[kind.extension])
            return kind
    raise _not_taken()


def _not_taken() -> NotAllowed:
    return NotAllowed("只能上传 PDF、图片、Word、Excel、录音、录像文件。", code="file_type", status=422)


def _check_package(upload: UploadedFile, folder: str) -> None:
    """What is called a document is one, and whoever opens it is not flooded. Raises NotAllowed (422)."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _not_taken() from None
    if not any(entry.filename.startswith(folder) for entry in entries):
        raise _not_taken()
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise NotAllowed("这个文件展开以后太大，请另存为 PDF 再上传。", code="too_big", status=422)


def clean_name(name: str, kind: FileType) -> str:
    """The sender's name without paths and control characters, with the extension its content has."""
    stem = Path(name.replace("\\", "/")).stem
    stem = "".join(char for char in stem if char.isprintable() and char not in '<>:"/|?*').strip(" .")
    return f"{(stem or '附件')[:120]}.{kind.extension}"


def path_of(sha256: str) -> Path:
    return ROOM.path_of(sha256)


def open_file(attachment: Attachment) -> BinaryIO:
    return path_of(attachment.sha256).open("rb")


def take_over(draft_id: UUID, case: Case, by: Scope) -> None:
    """What was uploaded while typing belongs to the case now."""
    Attachment.objects.filter(draft=draft_id, draft__user=by.user, case=None).update(case=case, draft=None)


def of_draft(draft_id: UUID, by: Scope) -> list[Attachment]:
    """What one uploaded to one's own draft, oldest first."""
    return list(Attachment.objects.filter(draft=draft_id, draft__user=by.user, case=None))


@transaction.atomic
def remove(attachment: Attachment) -> None:
    """Take back a file that belongs to no case yet; the bytes go when no other row names them. Raises NotAllowed."""
    if attachment.case_id is not None:
        raise NotAllowed("已登记的材料不能删除。", code="kept")
    attachment.delete()
    transaction.on_commit(lambda: ROOM.drop(attachment.sha256))
