"""The drawings as vector graphics: for paper, for a page without scripts and for printing. Pure; sizes in points of the drawing.

Each function takes one chart of `reports.charts.data` and gives the text of one `<svg>`; the same chart gives the same bytes.
Readable in black and white: lines differ by their dashes, parts by lightness and hatching, and each bears its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.charts import geometry
from reports.charts.canvas import GRID, INK, LIGHT, LINES, SHADES, SOFT, TILES, TONES, cut, hatched, line, polyline, rect, sheet, span, steps, text
from reports.charts.data import Bars, Lines, Mark, Number, Places, Ranking, Stacks, Tree, written

WIDTH = 640.0


def lines(chart: Lines, width: float = WIDTH, height: float = 220.0) -> str:
    """Lines over days, the first whole, the others dashed each in its own way, with their names above."""
    left, right, top, bottom = 34.0, 10.0, 30.0, 24.0
    axis = steps(max((mark.size for one in chart.series for mark in one.marks), default=0.0))
    across, down = width - left - right, height - top - bottom
    count = max(len(chart.labels), 1)

    def at(position: int) -> float:
        return left + (across * position / (count - 1) if count > 1 else across / 2)

    def up(value: float) -> float:
        return top + down - down * value / axis[-1]

    parts = _grid(axis, left, width - right, up)
    x = left
    for nth, one in enumerate(chart.series):
        stroke, dash, thick = LINES[nth % len(LINES)]
        parts.append(line(x, 12, x + 24, 12, stroke=stroke, width=thick, dash=dash, name=f"d-l{nth + 1}"))
        parts.append(text(x + 29, 16, one.name))
        x += 29 + span(one.name) + 18
        points = [(at(position), up(mark.size)) for position, mark in enumerate(one.marks) if mark.value is not None]
        parts.append(polyline(points, stroke=stroke, width=thick, dash=dash, name=f"d-l{nth + 1}"))
    every = max(1, -(-count // 6))
    for position, label in enumerate(chart.labels):
        if position % every == 0:
            # The first begins, and the last that would not fit ends, at the edge.
            anchor = "" if not position else "end" if at(position) + span(label) / 2 > width else "middle"
            parts.append(text(width if anchor == "end" else at(position), height - 7, label, anchor=anchor, fill=SOFT, name="d-soft"))
    return sheet(width, height, chart.summary(), parts, "lines")


def bars(chart: Bars, width: float = WIDTH, height: float = 200.0) -> str:
    """One bar a day; days nobody works are light; the three largest bear their number."""
    left, right, top, bottom = 34.0, 6.0, 16.0, 22.0
    axis = steps(max((mark.size for mark in chart.marks), default=0.0))
    across, down = width - left - right, height - top - bottom
    count = max(len(chart.marks), 1)
    step = across / count

    def up(value: float) -> float:
        return top + down - down * value / axis[-1]

    parts = _grid(axis, left, width - right, up)
    told = sorted(range(len(chart.marks)), key=lambda n: (-chart.marks[n].size, n))[:3]
    every = max(1, -(-count // 8))
    for position, mark in enumerate(chart.marks):
        x, y = left + step * position, up(mark.size)
        is_light = position in chart.light
        parts.append(
            rect(x + step * 0.15, y, step * 0.7, top + down - y, fill=LIGHT if is_light else LINES[0][0], name="d-light" if is_light else "d-bar")
        )
        if position in told and mark.size:
            parts.append(text(x + step / 2, y - 3, mark.text(), size=10, anchor="middle"))
        if position % every == 0:
            parts.append(text(x + step / 2, height - 6, mark.label, size=11, anchor="middle", fill=SOFT, name="d-soft"))
    return sheet(width, height, chart.summary(), parts, "bars")


def stacks(chart: Stacks, width: float = WIDTH, row: float = 30.0) -> str:
    """Bars of parts, one under the other, each as long as its own whole; the parts' names above, numbers inside where they fit."""
    names = [part.label for part in chart.stacks[0].parts] if chart.is_parted else []
    label = min(150.0, max((span(one.label) for one in chart.stacks), default=40.0) + 10)
    most = max((one.total for one in chart.stacks), default=0)
    room = width - label - 58
    parts: list[str] = []
    x = label
    for nth, name in enumerate(names):
        fill, hatch, css = _part(chart.stacks[0].parts[nth], nth)
        parts += [rect(x, 4, 14, 11, fill=fill, name=css, stroke=SOFT), hatched(x, 4, 14, 11, hatch), text(x + 19, 14, name)]
        x += 19 + span(name) + 16
    y = 24.0 if names else 4.0
    for one in chart.stacks:
        parts.append(text(label - 8, y + row / 2 + 2, cut(one.label, label - 8), anchor="end"))
        x = label
        for nth, part in enumerate(one.parts):
            fill, hatch, css = _part(part, nth)
            wide = room * part.size / most if most else 0.0
            parts += [rect(x, y, wide, row - 12, fill=fill, name=css), hatched(x, y, wide, row - 12, hatch)]
            said = part.text()
            if chart.is_parted and wide > span(said, 10) + 10:
                parts.append(
                    rect(x + wide / 2 - span(said, 10) / 2 - 3, y + 2, span(said, 10) + 6, row - 16, fill="#ffffff", name="d-plate", radius=2)
                )
                parts.append(text(x + wide / 2, y + row / 2 - 2, said, size=10, anchor="middle"))
            x += wide
        parts.append(text(x + 6, y + row / 2 + 2, f"{written(one.total)}{chart.unit}", size=11, fill=SOFT, name="d-soft"))
        y += row
    return sheet(width, y, chart.summary(), parts, "stacks")


def band(chart: Stacks, width: float = WIDTH, height: float = 46.0) -> str:
    """The first stack alone over the whole width, each part with its name and number: where a whole went."""
    parts: list[str] = []
    below: list[tuple[float, str]] = []
    x = 0.0
    whole = chart.stacks[0].total if chart.stacks else 0
    for nth, part in enumerate(chart.stacks[0].parts if chart.stacks else ()):
        wide = width * part.size / whole if whole else 0.0
        shade = SHADES[nth % len(SHADES)]
        parts.append(rect(x, 4, wide, 24, fill=shade, name=f"d-s{nth % len(SHADES)}", stroke="#ffffff"))
        said = f"{part.label} {part.text()}"
        dark = nth % len(SHADES) < 2
        if span(said, 11) + 8 < wide:
            parts.append(text(x + wide / 2, 20, said, size=11, anchor="middle", fill="#ffffff" if dark else INK, name="d-on" if dark else "d-on2"))
        elif wide > 0:
            below.append((x + wide / 2, said))
        x += wide
    # From the right, each clear of the one before: narrow parts stand at the end. What finds no room is in the sentence below.
    free = width
    for middle, said in reversed(below):
        half = span(said, 11) / 2
        stands = min(middle, free - half)
        if stands >= half:
            parts.append(text(stands, 42, said, size=11, anchor="middle"))
        free = stands - half - 10
    return sheet(width, height, chart.summary(), parts, "band")


def ranking(chart: Ranking, width: float = WIDTH, row: float = 22.0) -> str:
    """Shares best first, the target as a dashed line through all; below it the bar is hatched."""
    found = chart.ranked
    label = min(160.0, max((span(mark.label) for mark in found), default=40.0) + 34)
    room = width - label - 56
    low = _floor(found, chart.target)

    def wide(value: float) -> float:
        return room * (value - low) / (100 - low) if value > low else 0.0

    parts: list[str] = []
    y = 18.0
    for at, mark in enumerate(found, 1):
        tone = chart.tone(mark)
        fill, hatch = TONES[tone]
        parts.append(text(20, y + 12, str(at), size=11, anchor="end", fill=SOFT, name="d-soft"))
        parts.append(text(28, y + 12, cut(mark.label, label - 34)))
        parts += [
            rect(label, y + 2, wide(mark.size), row - 10, fill=fill, name=f"d-{tone or 'bar'}"),
            hatched(label, y + 2, wide(mark.size), row - 10, hatch),
        ]
        parts.append(text(width - 2, y + 12, mark.text("%"), size=11, anchor="end"))
        y += row
    if chart.target is not None and found:
        x = label + wide(float(chart.target))
        parts.append(line(x, 14, x, y, stroke=INK, width=1.2, dash="4 3", name="d-target"))
        parts.append(text(x, 11, f"目标 {written(chart.target, '%')}", size=11, anchor="middle"))
    if low:
        parts.append(text(label, 11, f"横轴从{written(int(low), '%')}起", size=10, fill=SOFT, name="d-soft"))
    if not found:
        parts.append(text(4, 30, f"没有达到{chart.least}件、可以排名的{chart.first}。", fill=SOFT, name="d-soft"))
        y = 40.0
    return sheet(width, y + 4, chart.summary(), parts, "ranking")


def tiles(chart: Places, width: float = 420.0, row: float = 56.0) -> str:
    """Towns as squares by direction, darker the more; each bears its name and number."""
    columns = max((tile.column for tile in chart.tiles), default=1)
    rows = max((tile.row for tile in chart.tiles), default=1)
    gap = 4.0
    wide = (width - gap * (columns - 1)) / columns
    parts: list[str] = []
    for tile in chart.tiles:
        x, y = (tile.column - 1) * (wide + gap), (tile.row - 1) * (row + gap)
        dark = tile.level > 2
        fill, ink = TILES[tile.level], "#ffffff" if dark else INK
        parts.append(rect(x, y, wide, row, fill=fill, name=f"d-t{tile.level}", radius=3))
        name = f"d-on{tile.level}"
        parts.append(text(x + 7, y + 20, cut(tile.mark.label, wide - 10), size=12, fill=ink, name=name))
        parts.append(text(x + 7, y + 40, tile.mark.text(), size=14, fill=ink, name=name, weight="600"))
    return sheet(width, rows * (row + gap) - gap, chart.summary(), parts, "tiles")


def outlines(chart: Places, width: float = 420.0, height: float = 320.0) -> str:
    """The county's own outlines, darker the more; name and number stand in the middle of each."""
    drawn = geometry.projected(chart.shapes, width, height)
    by_key = {tile.mark.key: tile for tile in chart.tiles}
    parts: list[str] = []
    words: list[str] = []
    for shape in drawn:
        tile = by_key.get(shape.key)
        level = tile.level if tile else 0
        parts.append(
            f'<path d="{shape.path}" fill="{TILES[level]}" fill-rule="evenodd" stroke="{SOFT}" stroke-width="0.8" class="d-t{level} d-edge"/>'
        )
        dark = level > 2
        ink, name = "#ffffff" if dark else INK, f"d-on{level}"
        words.append(text(shape.x, shape.y, shape.name, size=10, anchor="middle", fill=ink, name=name))
        if tile:
            words.append(text(shape.x, shape.y + 13, tile.mark.text(), size=11, anchor="middle", fill=ink, name=name, weight="600"))
    return sheet(width, height, chart.summary(), [*parts, *words], "outlines")


def tree(chart: Tree, width: float = 420.0, height: float = 300.0) -> str:
    """Categories as areas, the first level with a head, the second inside it; squares as far as they go."""
    parts: list[str] = []
    told = [mark for mark in sorted(chart.marks, key=lambda m: (-m.size, m.label)) if mark.size > 0]
    for nth, (mark, x, y, wide, high) in enumerate(geometry.squares(told, 0, 0, width, height)):
        shade = min(nth, 4)
        parts.append(rect(x + 1, y + 1, wide - 2, high - 2, fill=SHADES[2] if nth < 2 else SHADES[3], name=f"d-k{shade}"))
        head = 20.0 if high > 40 else 0.0
        if head or not mark.children:
            said = cut(f"{mark.label} {mark.text()}", wide - 8)
            parts.append(text(x + 5, y + min(15, high / 2 + 5), said, weight="600"))
        children = [child for child in sorted(mark.children, key=lambda m: (-m.size, m.label)) if child.size > 0]
        for child, cx, cy, cw, ch in geometry.squares(children, x + 2, y + 1 + head, wide - 4, high - 3 - head):
            parts.append(rect(cx + 0.5, cy + 0.5, cw - 1, ch - 1, fill=SHADES[4], name=f"d-m{shade}"))
            said = cut(child.label, cw - 8, 11)
            if said and ch > 30:
                parts.append(text(cx + cw / 2, cy + ch / 2 - 1, said, size=11, anchor="middle"))
                parts.append(text(cx + cw / 2, cy + ch / 2 + 13, child.text(), size=11, anchor="middle"))
            elif said and ch > 14:
                parts.append(text(cx + cw / 2, cy + ch / 2 + 4, cut(f"{child.label} {child.text()}", cw - 6, 11), size=11, anchor="middle"))
    return sheet(width, height, chart.summary(), parts, "tree")


def spark(values: Sequence[Number | None], width: float = 72.0, height: float = 30.0) -> str:
    """The last values as a small line: decoration beside a number that says the same in words, so it is hidden from readers."""
    told = [float(value) for value in values if value is not None]
    if len(told) < 2:
        return ""
    low, high = min(told), max(told)
    across = width / (len(told) - 1)
    points = [(at * across, height - 4 - (height - 8) * ((value - low) / (high - low) if high > low else 0.5)) for at, value in enumerate(told)]
    drawn = polyline(points, stroke=LINES[0][0], width=1.5)
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="kpi__sp" viewBox="0 0 {width:g} {height:g}" aria-hidden="true">{drawn}</svg>'


def _grid(axis: list[float], left: float, right: float, up: Callable[[float], float]) -> list[str]:
    parts = []
    for value in axis:
        y = up(value)
        parts.append(line(left, y, right, y, stroke=GRID if value else SOFT, name="d-grid" if value else "d-axis"))
        parts.append(text(left - 6, y + 4, written(int(value)), size=11, anchor="end", fill=SOFT, name="d-soft"))
    return parts


def _part(part: Mark, nth: int) -> tuple[str, str, str]:
    """Fill, hatching and class of one part of a stack: lamps have their own, others go from dark to light."""
    if part.tone:
        fill, hatch = TONES[part.tone]
        return fill, hatch, f"d-{part.tone}"
    return SHADES[nth % len(SHADES)], "", f"d-s{nth % len(SHADES)}"


def _floor(found: Sequence[Mark], target: Number | None) -> float:
    """Where the axis of a ranking begins: at 0, unless all is above 60."""
    least = min([mark.size for mark in found] + ([float(target)] if target is not None else []), default=0.0)
    return 50.0 if least > 60 else 0.0
