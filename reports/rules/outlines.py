"""Reading a GeoJSON file of town outlines. Pure: bytes and names in, outlines or every reason against them out.

Taken: one FeatureCollection, Polygon or MultiPolygon, longitude and latitude in degrees within China, each feature bearing
the code (6 or 9 signs) or the name of one town of the county, each town once and none missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any

#: The largest file, in bytes; the most points of all outlines together as they come; the most rings (islands, holes) of one town.
MOST_BYTES, MOST_POINTS, MOST_RINGS = 8_000_000, 400_000, 200
#: The most shapes in a file. A county has a few dozen towns; a file with more is one of something else.
MOST_FEATURES = 1_000
#: Square degrees below which a ring is a line or a point: about a square metre.
_LEAST_SURFACE = 1e-10
#: Points an outline is thinned to for drawing, and how many reasons are told at once.
DRAWN_POINTS, MOST_REASONS = 240, 20
#: China in degrees: west, east, south, north.
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0
_CODES = ("code", "adcode", "id", "CODE", "XZQDM", "乡镇代码", "代码")
_NAMES = ("name", "NAME", "XZQMC", "乡镇名称", "名称")
_ENDINGS = ("街道办事处", "街道", "镇", "乡", "办事处")

Ring = list[tuple[float, float]]


class Refused(Exception):
    """The file cannot be taken. `reasons` are sentences for the person who sent it."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Outline:
    """One town's outline, thinned for drawing."""

    code: str
    rings: list[Ring]


def read(data: bytes, towns: Mapping[str, str]) -> list[Outline]:
    """The outlines of every town (code → name). Raises Refused with all reasons at once."""
    features = _features(data)
    reasons: list[str] = []
    found: dict[str, Outline] = {}
    points = 0
    for at, feature in enumerate(features, 1):
        properties = _properties(feature)
        said = next((properties[key] for key in (*_NAMES, *_CODES) if properties.get(key)), "")
        where = f"第 {at} 个图形" + (f"（{said[:30]}）" if said else "")
        code = _town(properties, towns)
        if not code:
            reasons.append(f"{where}对不上本县的乡镇（街道）：属性里要有乡镇代码（如 {next(iter(towns), '370685001')}）或与系统一致的名称。")
            continue
        if code in found:
            reasons.append(f"{where}与前面的图形是同一个乡镇“{towns[code]}”，每个乡镇只能有一个图形；飞地请并成一个 MultiPolygon。")
            continue
        try:
            rings = _rings(feature.get("geometry"))
        except ValueError as reason:
            reasons.append(f"{where}：{reason}")
            continue
        points += sum(len(ring) for ring in rings)
        if points > MOST_POINTS:
            reasons.append(f"坐标点太多（到{where}为止已有 {points:,} 个），全部图形最多 {MOST_POINTS:,} 个，请先简化边界。")
            break
        found[code] = Outline(code, [thinned(ring, max(8, DRAWN_POINTS // len(rings))) for ring in rings])
    missing = [name for code, name in towns.items() if code not in found]
    if missing and not reasons:
        reasons.append(f"缺少 {len(missing)} 个乡镇的图形：{'、'.join(missing)}。缺了图形的乡镇，数据在图上看不到。")
    if reasons:
        more = len(reasons) - MOST_REASONS
        raise Refused([*reasons[:MOST_REASONS], *([f"还有 {more} 处类似的问题。"] if more > 0 else [])])
    return [found[code] for code in towns]


def _features(data: bytes) -> list[Any]:
    if len(data) > MOST_BYTES:
        raise Refused([f"文件太大（{len(data) / 1_000_000:.1f} MB），最多 {MOST_BYTES // 1_000_000} MB。"])
    try:
        read = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(["文件不是 UTF-8 编码的文本，请另存为 UTF-8 编码的 GeoJSON。"]) from None
    except (ValueError, RecursionError):
        raise Refused(["文件不是完整的 JSON，可能没有传完，或不是 GeoJSON。"]) from None
    if not isinstance(read, dict) or read.get("type") != "FeatureCollection" or not isinstance(read.get("features"), list):
        raise Refused(["文件不是 GeoJSON 的 FeatureCollection（要素集合）。"])
    if not read["features"]:
        raise Refused(["文件里没有图形。"])
    if len(read["features"]) > MOST_FEATURES:
        raise Refused([f"文件里有 {len(read['features']):,} 个图形，最多 {MOST_FEATURES:,} 个。请只留本县的乡镇（街道）边界。"])
    return list(read["features"])


def _properties(feature: Any) -> dict[str, str]:
    """What names the town: the words and numbers of a feature's properties, readable whatever the file put there."""
    held = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(held, dict):
        return {}
    told = {key: held.get(key) for key in (*_CODES, *_NAMES)}
    return {key: _readable(value) for key, value in told.items() if isinstance(value, str | int) and not isinstance(value, bool)}


def _readable(value: str | int) -> str:
    """Words that can be shown: half of a pair of surrogates, which JSON may hold, is no character and becomes a question mark."""
    return str(value).strip().encode("utf-8", "replace").decode()


def _town(properties: Mapping[str, str], towns: Mapping[str, str]) -> str:
    """The code of the town a feature means; empty when it is none."""
    for key in _CODES:
        code = properties.get(key, "")
        if code[:9] in towns and code[9:].strip("0") == "":
            return code[:9]
    for key in _NAMES:
        name = properties.get(key, "")
        if not name:
            continue
        exact = [code for code, known in towns.items() if known == name]
        near = [code for code, known in towns.items() if _bare(known) == _bare(name)]
        if len(exact) == 1:
            return exact[0]
        if len(near) == 1:
            return near[0]
    return ""


def _bare(name: str) -> str:
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending) and len(name) > len(ending)), name)


def _rings(geometry: Any) -> list[Ring]:
    """All rings of a Polygon or MultiPolygon. Raises ValueError with a sentence."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        told = _readable(kind)[:30] if isinstance(kind, str) and kind else "空"
        raise ValueError(f"图形类型是 {told}，只收 Polygon 和 MultiPolygon。")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    rings = [ring for polygon in _list(polygons) for ring in _list(polygon)]
    if not rings:
        raise ValueError("图形里没有坐标。")
    if len(rings) > MOST_RINGS:
        raise ValueError(f"由 {len(rings):,} 个圈（岛、飞地、空洞）组成，最多 {MOST_RINGS} 个，请去掉最小的。")
    return [_ring(ring) for ring in rings]


def _list(value: Any) -> Iterator[Any]:
    if not isinstance(value, list):
        raise ValueError("坐标的层次不对。")
    return iter(value)


def _ring(ring: Any) -> Ring:
    points: Ring = []
    for point in _list(ring):
        if (
            not isinstance(point, list)
            or len(point) < 2
            or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in point[:2])
        ):
            raise ValueError("有的坐标不是数字。")
        try:
            x, y = float(point[0]), float(point[1])
        except OverflowError:
            raise ValueError("有的坐标大得不是经纬度。") from None
        if not (_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH):
            raise ValueError(f"坐标 {x:g}, {y:g} 不是中国境内的经度、纬度（度）。投影坐标请先转换成经纬度，并把经度写在前面。")
        points.append((x, y))
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("边界没有闭合（首尾两点要相同，至少 4 个点）。")
    if _surface(points) < _LEAST_SURFACE:
        raise ValueError("有一圈边界没有面积（所有点在一条线上）。")
    return points


def _surface(ring: Ring) -> float:
    """The area a ring encloses, in square degrees; reckoned from its first point, so that a small ring far from zero keeps its digits."""
    x0, y0 = ring[0]
    return abs(sum((ax - x0) * (by - y0) - (bx - x0) * (ay - y0) for (ax, ay), (bx, by) in pairwise(ring))) / 2


def thinned(ring: Ring, most: int) -> Ring:
    """A closed ring with at most `most` points: those that bend the line most stay, rounded to 0.00001 degree (about 1 m).

    The point whose triangle with its neighbours is smallest goes first (Visvalingam and Whyatt), out of a heap: a ring of n
    points costs n·log n, also one that was drawn to be slow.
    """
    last = len(ring) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    size = [0.0, *(_triangle(ring[at - 1], ring[at], ring[at + 1]) for at in range(1, last)), 0.0]
    heap = [(size[at], at) for at in range(1, last)]
    heapify(heap)
    gone = bytearray(len(ring))
    left = len(ring)
    while left > most and heap:
        area, at = heappop(heap)
        if gone[at] or area != size[at]:
            continue
        gone[at] = 1
        left -= 1
        west, east = before[at], after[at]
        after[west], before[east] = east, west
        for near in (west, east):
            if 0 < near < last:
                # Never smaller than what went before it: the order of going is the order of importance.
                size[near] = max(area, _triangle(ring[before[near]], ring[near], ring[after[near]]))
                heappush(heap, (size[near], near))
    return [(round(x, 5), round(y, 5)) for at, (x, y) in enumerate(ring) if not gone[at]]


def _triangle(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
