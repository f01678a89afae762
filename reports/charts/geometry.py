"""Places on paper: outlines projected into a frame, and areas cut into squares. Pure; degrees in, points out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians

from reports.charts.canvas import number
from reports.charts.data import Mark, Shape


@dataclass(frozen=True, slots=True)
class Drawn:
    """One outline as a path, and the point where its name stands."""

    key: str
    name: str
    path: str
    x: float
    y: float


def projected(shapes: Sequence[Shape], width: float, height: float, margin: float = 6.0) -> list[Drawn]:
    """Outlines fitted into a frame, north up; a degree of longitude is shortened by the latitude, which is right for one county."""
    points = [point for shape in shapes for ring in shape.rings for point in ring]
    if not points:
        return []
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = cos(radians((south + north) / 2))
    scale = min((width - 2 * margin) / max((east - west) * narrow, 1e-9), (height - 2 * margin) / max(north - south, 1e-9))
    left = (width - (east - west) * narrow * scale) / 2
    top = (height - (north - south) * scale) / 2

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return left + (point[0] - west) * narrow * scale, top + (north - point[1]) * scale

    found = []
    for shape in shapes:
        rings = [[place(point) for point in ring] for ring in shape.rings]
        path = "".join("M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z" for ring in rings)
        x, y = middle(max(rings, key=lambda ring: abs(surface(ring))))
        found.append(Drawn(shape.key, shape.name, path, x, y))
    return found


def surface(ring: Sequence[tuple[float, float]]) -> float:
    """The signed area of a ring, in the units of its points squared."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of a ring; of a ring without area, the mean of its points."""
    whole = surface(ring)
    if abs(whole) < 1e-12:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    x = y = 0.0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        x += (a[0] + b[0]) * cross
        y += (a[1] + b[1]) * cross
    return x / (6 * whole), y / (6 * whole)


def squares(marks: Sequence[Mark], x: float, y: float, width: float, height: float) -> Iterator[tuple[Mark, float, float, float, float]]:
    """The frame shared out by size, each part as near to a square as it goes (squarified treemap). Marks come largest first."""
    whole = sum(mark.size for mark in marks)
    if not whole or width <= 0 or height <= 0:
        return
    by = width * height / whole
    left = list(marks)
    while left:
        side = min(width, height)
        taken = 1
        while taken < len(left) and _worst(left[: taken + 1], by, side) <= _worst(left[:taken], by, side):
            taken += 1
        row, left = left[:taken], left[taken:]
        area = sum(mark.size for mark in row) * by
        thick = area / side if side else 0.0
        at = 0.0
        for mark in row:
            long = mark.size * by / thick if thick else 0.0
            if width >= height:
                yield mark, x, y + at, thick, long
            else:
                yield mark, x + at, y, long, thick
            at += long
        if width >= height:
            x, width = x + thick, width - thick
        else:
            y, height = y + thick, height - thick


def _worst(row: Sequence[Mark], by: float, side: float) -> float:
    """The worst ratio of length to width in a row laid along `side`."""
    areas = [mark.size * by for mark in row]
    whole = sum(areas)
    return max(max(side * side * area / (whole * whole), whole * whole / (side * side * area)) for area in areas)
