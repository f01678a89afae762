"""The few strokes the drawings are made of. Everything is escaped, rounded to two places and without ids: the same data is the same bytes.

Colours stand as attributes, for paper; on the screen the classes (static/css/reports.css) put the page's own in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

FONT = "Noto Sans SC, Source Han Sans SC, Microsoft YaHei, SimHei, sans-serif"
#: Fill, class and whether it is hatched: told apart in black and white by lightness and strokes, never by colour alone.
INK, SOFT, GRID, LIGHT = "#151e2d", "#5d687b", "#dbe1ea", "#a9bfdd"
LINES = (("#1b5bbf", "", 2.0), ("#0f8a8f", "6 4", 2.0), ("#151e2d", "2 3", 1.6), ("#7a56c2", "10 3 2 3", 1.6))
TONES = {"ok": ("#8fcdaa", ""), "warn": ("#e09b00", "/"), "bad": ("#a9221b", "x"), "": ("#1b5bbf", "")}
SHADES = ("#123c7f", "#4f7fc8", "#a9c8f0", "#dbe7f9", "#eef2f7")
TILES = ("#eaf1fb", "#cfe0f7", "#a9c8f0", "#1f62c4", "#123c7f")


def number(value: float) -> str:
    """12.30000 → «12.3»; never «-0»."""
    return f"{round(value, 2) + 0.0:g}"


def attributes(found: dict[str, str | float]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for name, value in found.items()
        if value != ""
    )


def sheet(width: float, height: float, label: str, parts: Iterable[str], name: str) -> str:
    """The whole drawing: scales to its frame, and says itself to whom cannot see it."""
    head = {
        "class": f"drawn drawn--{name}",
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "role": "img",
        "aria-label": label,
        "font-family": FONT,
    }
    size: dict[str, str | float] = {"width": width, "height": height}
    return f'<svg xmlns="http://www.w3.org/2000/svg"{attributes({**head, **size})}>{"".join(parts)}</svg>'


def text(x: float, y: float, words: str, *, size: float = 12, anchor: str = "", fill: str = INK, name: str = "d-ink", weight: str = "") -> str:
    at: dict[str, str | float] = {"x": x, "y": y, "font-size": size, "text-anchor": anchor, "fill": fill, "class": name, "font-weight": weight}
    return f"<text{attributes(at)}>{escape(words)}</text>"


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = GRID, width: float = 1, dash: str = "", name: str = "d-grid") -> str:
    at: dict[str, str | float] = {
        "x1": x1,
        "y1": y1,
        "x2": x2,
        "y2": y2,
        "stroke": stroke,
        "stroke-width": width,
        "stroke-dasharray": dash,
        "class": name,
    }
    return f"<line{attributes(at)}/>"


def rect(x: float, y: float, width: float, height: float, *, fill: str, name: str = "", stroke: str = "", radius: float = 0) -> str:
    at: dict[str, str | float] = {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height), "fill": fill, "class": name, "stroke": stroke}
    if radius:
        at["rx"] = radius
    return f"<rect{attributes(at)}/>"


def polyline(points: Sequence[tuple[float, float]], *, stroke: str, width: float, dash: str = "", name: str = "") -> str:
    at: dict[str, str | float] = {
        "points": " ".join(f"{number(x)},{number(y)}" for x, y in points),
        "fill": "none",
        "stroke": stroke,
        "stroke-width": width,
        "stroke-dasharray": dash,
        "stroke-linejoin": "round",
        "class": name,
    }
    return f"<polyline{attributes(at)}/>"


def hatched(x: float, y: float, width: float, height: float, kind: str) -> str:
    """Strokes over a bar: «/» one way, «x» both, nothing for none. Cut at the bar's edges by reckoning, so that no id is needed."""
    if not kind or width <= 0 or height <= 0:
        return ""
    strokes = []
    start = x - height
    while start < x + width:
        low, high = max(start, x), min(start + height, x + width)
        if low < high:
            strokes.append(f"M{number(low)} {number(y + height - (low - start))}L{number(high)} {number(y + height - (high - start))}")
            if kind == "x":
                strokes.append(f"M{number(low)} {number(y + (low - start))}L{number(high)} {number(y + (high - start))}")
        start += 5
    return f'<path d="{"".join(strokes)}" stroke="#fff" stroke-width="1" stroke-opacity=".75" fill="none"/>'


def span(words: str, size: float = 12) -> float:
    """About how wide a text is: a Chinese sign is a square, others are a little more than half of one."""
    return sum(size if ord(sign) > 0x2E7F else size * 0.56 for sign in words)


def cut(words: str, room: float, size: float = 12) -> str:
    """As much of a text as fits; nothing where not even two signs fit."""
    if span(words, size) <= room:
        return words
    kept = ""
    for sign in words:
        if span(kept + sign + "…", size) > room:
            break
        kept += sign
    return f"{kept}…" if len(kept) > 1 else ""


def steps(most: float, about: int = 4) -> list[float]:
    """Round numbers for an axis from 0 to at least `most`: 61 → 0 20 40 60 80."""
    if most <= 0:
        return [0.0, 1.0]
    raw = most / about
    power = 1.0
    while power * 10 <= raw:
        power *= 10
    step = next(power * by for by in (1, 2, 2.5, 5, 10) if power * by >= raw)
    step = max(1.0, step)
    found = [0.0]
    while found[-1] < most:
        found.append(found[-1] + step)
    return found
