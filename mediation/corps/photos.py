"""Photos of duties: distrusted on the way in, drawn anew so that nothing but the picture remains, out through the scope.

A phone writes where it was into every photo; positions are recorded only by consent (beyond.md), so that part is never kept.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from organisations.rules import NotAllowed

MAX_BYTES = 20 * 1024 * 1024
#: More pixels than any phone takes; a bomb unpacks to more.
MAX_PIXELS = 60_000_000
#: Longest side kept, in pixels: enough to recognise a place.
LONGEST = 1600


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo in the store, by the hash of what was kept; empty for none."""

    sha256: str
    size: int


NONE = Kept("", 0)


def keep(upload: UploadedFile) -> Kept:
    """Take a JPEG or PNG in as a plain JPEG without metadata. Raises NotAllowed (422)."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # heavy: only a worker that is sent a photo pays for it

    if upload.size is None or not 0 < upload.size <= MAX_BYTES:
        raise NotAllowed("照片是空的，或者超过20兆。", code="photo_size", status=422)
    try:
        with Image.open(upload, formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAllowed("照片的像素过大，请压缩后再传。", code="photo_size", status=422)
            turned = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAllowed("照片只能是 JPG 或 PNG，这个文件打不开。", code="photo_type", status=422) from error
    turned.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=82)
    content = out.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
        scratch = target.with_suffix(".part")
        scratch.write_bytes(content)
        scratch.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        scratch.replace(target)
    return Kept(digest, len(content))


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "duties" / sha256[:2] / sha256


def open_photo(sha256: str) -> BinaryIO:
    return path_of(sha256).open("rb")
