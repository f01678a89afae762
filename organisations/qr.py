"""A QR code as an SVG picture of its own address, so that no page needs inline data (CSP)."""

import io

import segno


def svg(text: str, *, scale: int = 5) -> bytes:
    """`scale` is pixels a module; the quiet zone of four modules is part of the picture."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=scale, border=4, light="#fff")
    return drawn.getvalue()
