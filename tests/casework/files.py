"""Small files of the kinds that may come in."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile


def pdf(name: str = "材料.pdf", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n" + more, content_type="application/pdf")
