"""What the room and the corps take in from phones: pictures drawn anew at little memory."""

from __future__ import annotations

import io
from threading import Lock

from django.core.files.uploadedfile import UploadedFile

from organisations.rules import NotAllowed

#: Of what is unpacked: 100 MB at most.
MAX_PIXELS = 25_000_000
#: One picture at a time is unpacked in a worker: many at once would take its memory.
_ONE = Lock()


def drawn(upload: UploadedFile, forms: tuple[str, ...], *, into: str, longest: int, quality: int, name: str) -> bytes:
    """The picture alone, upright, on white, without metadata. Raises NotAllowed (422), which calls it `name`."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # heavy: only a worker that is sent a picture pays for it

    upload.seek(0)
    try:
        with _ONE, Image.open(upload, formats=forms) as image:
            # A JPEG is unpacked at a half, a quarter or an eighth where that is still large enough, and counts as such: today's
            # phones take fifty million. A PNG cannot be.
            image.draft("RGB", (longest, longest))
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            mode = "RGBA" if image.has_transparency_data else "RGB"
            picture: Image.Image = image if image.mode == mode else image.convert(mode)
            picture.thumbnail((longest, longest))
            picture = ImageOps.exif_transpose(picture)
            if mode == "RGBA":
                white = Image.new("RGB", picture.size, "white")
                white.paste(picture, mask=picture.getchannel("A"))
                picture = white
            plain = Image.new("RGB", picture.size)
            plain.paste(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAllowed(f"{name}打不开，请重新拍照或者另选一个 JPG、PNG 文件。", code="file_type", status=422) from error
    out = io.BytesIO()
    plain.save(out, into, quality=quality)
    return out.getvalue()


def _too_many_pixels(name: str) -> NotAllowed:
    return NotAllowed(f"{name}的像素过大（超过{MAX_PIXELS // 10_000}万），请压缩后再传。", code="too_big", status=422)
