"""Small real files for the demo's attachments, made in memory: a picture and a one-page PDF."""

from __future__ import annotations

import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile


def upload(kind: str, name: str, shade: int) -> SimpleUploadedFile:
    """A file of the kind (png or pdf); `shade` 0–255 tells one from another."""
    content, content_type = (png(shade), "image/png") if kind == "png" else (pdf(shade), "application/pdf")
    return SimpleUploadedFile(f"{name}.{kind}", content, content_type)


def png(shade: int) -> bytes:
    """A grey card of 240 × 150 with a lighter frame, like a scanned paper."""
    width, height = 240, 150
    rows = []
    for y in range(height):
        framed = y < 6 or y >= height - 6
        rows.append(b"\0" + bytes([250 if framed or x < 6 or x >= width - 6 else shade for x in range(width)]))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pdf(shade: int) -> bytes:
    """One A4 page that says it is a copy for the demo county."""
    stream = f"BT /F1 18 Tf 72 760 Td (Demo copy {shade:03d}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
