"""QR codes as SVG: a file of its own address, a drawing inside a page, an address inside a paper. `segno` is loaded at the first one (3 MB)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from segno import QRCode


def _code(text: str) -> QRCode:
    import segno

    return segno.make(text, error="m")


def svg(text: str, *, scale: int = 5) -> bytes:
    """A picture for an address of its own, so that no page needs inline data (CSP); `scale` is pixels a module, the quiet zone four modules."""
    drawn = io.BytesIO()
    _code(text).save(drawn, kind="svg", scale=scale, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue()


def inline(text: str) -> SafeString:
    """The same as an element of the page, in the colour of its words."""
    return mark_safe(_code(text).svg_inline(scale=4, border=4))  # noqa: S308 (drawn here, of modules)


def data_uri(text: str) -> str:
    """For a printed paper, which brings its pictures with it; without a quiet zone, the paper is white around it."""
    return _code(text).svg_data_uri(border=0)
