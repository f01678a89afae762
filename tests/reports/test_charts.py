"""Charts: the same data is the same bytes, words are escaped, nothing depends on colour alone, and every mark has its row in the table."""

from __future__ import annotations

import json
import math
import re
import time
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from reports.charts import canvas, geometry, options, svg
from reports.charts.data import Bars, Lines, Mark, Places, Ranking, Series, Shape, Stack, Stacks, Tile, Tree, levels, written
from reports.rules import outlines, places

DAYS = tuple(f"11-{day:02}" for day in range(1, 31))
LINES = Lines(
    "近30天登记与办结",
    "件",
    DAYS,
    (
        Series("登记", tuple(Mark(day, at % 9, f"/r/?d={day}") for at, day in enumerate(DAYS))),
        Series("办结", tuple(Mark(day, at % 5, f"/c/?d={day}") for at, day in enumerate(DAYS))),
    ),
)
BARS = Bars("每日登记", "件", tuple(Mark(f"{day}日", day, "/x/") for day in range(1, 32)), frozenset({0, 6}))
STACKS = Stacks(
    "在办三色灯",
    "件",
    (
        Stack("自然资源局", (Mark("正常", 22, tone="ok"), Mark("临期", 8, "/n/", tone="warn"), Mark("超期", 1, "/o/", tone="bad")), "/all/"),
        Stack("水务局", (Mark("正常", 0, tone="ok"), Mark("临期", 0, tone="warn"), Mark("超期", 2, "/o2/", tone="bad"))),
    ),
)
RANKING = Ranking("按期答复率", (Mark("甲镇", 100, "/1/"), Mark("乙镇", 92.5, "/2/"), Mark("丙镇", 80), Mark("丁镇", None, words="3 件，不排名")), 95)
TREE = Tree(
    "诉求分类",
    "件",
    (
        Mark("土地", 60, "/t/", more="/more/", children=(Mark("征收", 40, "/t1/"), Mark("边界", 20, "/t2/"))),
        Mark("劳动", 30, "/l/", children=(Mark("工资", 30, "/l1/"),)),
        Mark("其他", 2, "/o/", children=(Mark("其他", 2),)),
    ),
)
MARKS = [Mark("甲镇", 90, "/a/", key="370685001"), Mark("乙镇", 10, "/b/", key="370685002"), Mark("丙镇", 0, "/c/", key="370685003")]


def square(x: float, y: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + 0.1, y), (x + 0.1, y + 0.1), (x, y + 0.1), (x, y))


SHAPES = tuple(Shape(mark.key, mark.label, (square(120 + at / 10, 37),)) for at, mark in enumerate(MARKS))
PLACES = Places("乡镇分布", "件", tuple(Tile(mark, at + 1, 1, levels(MARKS)[mark.key]) for at, mark in enumerate(MARKS)), SHAPES)

DRAWINGS = {
    "lines": lambda: svg.lines(LINES),
    "bars": lambda: svg.bars(BARS),
    "stacks": lambda: svg.stacks(STACKS),
    "band": lambda: svg.band(STACKS),
    "ranking": lambda: svg.ranking(RANKING),
    "tiles": lambda: svg.tiles(PLACES),
    "outlines": lambda: svg.outlines(PLACES),
    "tree": lambda: svg.tree(TREE),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_says_itself_and_is_always_the_same(name: str) -> None:
    drawing = DRAWINGS[name]()
    root = ElementTree.fromstring(drawing)  # noqa: S314 (our own)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert " id=" not in drawing
    assert " style=" not in drawing  # the page's policy forbids it
    assert drawing == DRAWINGS[name]()
    assert not re.search(r'"(nan|inf|-0)"', drawing)


@pytest.mark.parametrize("empty", [Lines("无", "件", (), ()), Bars("无", "件", ()), Stacks("无", "件", ()), Ranking("无", ()), Tree("无", "件", ())])
def test_a_chart_of_nothing_is_drawn_too(empty: Lines | Bars | Stacks | Ranking | Tree) -> None:
    draw = {Lines: svg.lines, Bars: svg.bars, Stacks: svg.stacks, Ranking: svg.ranking, Tree: svg.tree}[type(empty)]
    ElementTree.fromstring(draw(empty))  # type: ignore[operator]  # noqa: S314
    assert "没有" in empty.summary()
    assert empty.table().rows == ()


def test_words_are_escaped() -> None:
    drawing = svg.tiles(Places("<b>", "件", (Tile(Mark('"><script>', 1, key="1"), 1, 1),)))
    assert "<script>" not in drawing
    assert "<b>" not in drawing


def test_lines_differ_without_colour() -> None:
    found = re.findall(r"<polyline[^>]*>", svg.lines(LINES))
    assert len({re.search(r'stroke-dasharray="([^"]*)"', line)[1] if "dasharray" in line else "" for line in found}) == 2  # type: ignore[index]


def test_lamps_differ_without_colour() -> None:
    """Amber is hatched one way, red both ways, and each bears its number."""
    drawing = svg.stacks(STACKS)
    assert drawing.count("<path") >= 4
    assert ">22</text>" in drawing


def test_a_bar_of_one_part_says_its_number_once() -> None:
    """«14» on the bar and «14件» behind it, and «14件（登记 14）» below: one number three times."""
    chart = Stacks("件数最多的分类", "件", (Stack("城乡建设", (Mark("登记", 14),)), Stack("教育", (Mark("登记", 2),))), "分类")
    drawing = svg.stacks(chart)
    assert re.findall(r">(\d+件?)</text>", drawing) == ["14件", "2件"]
    assert ">登记</text>" not in drawing
    assert chart.summary() == "件数最多的分类：城乡建设14件；教育2件。"


def test_who_has_too_few_is_not_ranked() -> None:
    """L-CLS-27: fewer than five are not ranked, but they stand in the table."""
    assert [mark.label for mark in RANKING.ranked] == ["甲镇", "乙镇", "丙镇"]
    assert "丁镇" not in svg.ranking(RANKING)
    assert ("丁镇", "3 件，不排名") in [(row[1].text, row[2].text) for row in RANKING.table().rows]
    assert [RANKING.tone(mark) for mark in RANKING.ranked] == ["", "warn", "bad"]


@pytest.mark.parametrize("chart", [LINES, BARS, STACKS, TREE, PLACES])
def test_every_mark_with_a_list_has_it_in_the_table(chart: Lines | Bars | Stacks | Tree | Places) -> None:
    linked = {cell.url for row in chart.table().rows for cell in row if cell.url}
    said = re.findall(r"'(/[^']*)'", repr(chart))
    assert set(said) <= linked


@pytest.mark.parametrize("option", [options.lines(LINES), options.tree(TREE), options.outlines(PLACES)])
def test_options_are_plain_values_with_the_pages_colours(option: dict) -> None:
    text = json.dumps(option)
    assert "function" not in text
    assert not re.search(r'"#[0-9a-fA-F]{3,6}"', text)
    assert "/" in text  # the lists


def test_a_tree_map_fills_its_frame_by_size() -> None:
    marks = [Mark("a", 6), Mark("b", 6), Mark("c", 4), Mark("d", 3), Mark("e", 1)]
    found = list(geometry.squares(marks, 0, 0, 400, 300))
    assert sum(wide * high for _, _, _, wide, high in found) == pytest.approx(400 * 300)
    for mark, _, _, wide, high in found:
        assert wide * high == pytest.approx(mark.size / 20 * 400 * 300)


def test_numbers_are_written_as_people_read_them() -> None:
    assert [written(1286), written(96.06), written(None), written(12, "%")] == ["1,286", "96.1", "—", "12%"]


# -- places -------------------------------------------------------------------------------------------------------------

TOWNS = {"370685001": "罗峰街道", "370685101": "辛庄镇"}


def feature(x: float = 120.1, y: float = 37.1, kind: str = "Polygon", **properties: str) -> dict:
    ring = [list(point) for point in square(x, y)]
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": [ring] if kind == "Polygon" else [[ring]]}}


def shaped(coordinates: object) -> dict:
    return {"properties": {"code": "370685001"}, "geometry": {"type": "Polygon", "coordinates": coordinates}}


def collection(*features: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def refused(data: bytes) -> str:
    with pytest.raises(outlines.Refused) as caught:
        outlines.read(data, TOWNS)
    return "；".join(caught.value.reasons)


def test_outlines_are_matched_by_code_or_by_name() -> None:
    found = outlines.read(collection(feature(code="370685001000"), feature(121, kind="MultiPolygon", name="辛庄")), TOWNS)
    assert [outline.code for outline in found] == ["370685001", "370685101"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "不是完整的 JSON"),
        ("招".encode("gbk"), "UTF-8"),
        (b"[]", "FeatureCollection"),
        (collection(), "没有图形"),
        (collection(feature(code="370685001")), "缺少 1 个乡镇的图形：辛庄镇"),
        (collection(feature(name="别处镇")), "对不上本县的乡镇"),
        (collection(feature(code="370685001"), feature(code="370685001")), "同一个乡镇"),
        (collection(feature(40_500_000, 4_100_000, code="370685001")), "投影坐标"),
        (collection({"properties": {"code": "370685001"}, "geometry": {"type": "Point", "coordinates": [120, 37]}}), "只收 Polygon"),
        (collection(shaped([[[120, 37], [121, 37], [121, 38]]])), "没有闭合"),
        (collection(shaped([[["a", 37]]])), "不是数字"),
        (collection(shaped(5)), "层次不对"),
        (collection({"properties": None, "geometry": None}), "对不上"),
        (b" " * (outlines.MOST_BYTES + 1), "文件太大"),
        (b"[" * 200_000, "不是完整的 JSON"),
        (collection(shaped([[[int("1" * 400), 37], [121, 37], [121, 38], [int("1" * 400), 37]]])), "大得不是经纬度"),
        (collection(shaped([[[float("nan"), 37]]])), "不是中国境内"),
        (collection(shaped([[[float("inf"), 37]]])), "不是中国境内"),
        (collection({"properties": {"name": "\ud800镇"}}), "（?镇）对不上"),
        (collection({"properties": {"name": ["辛庄镇"], "code": True}}), "第 1 个图形对不上"),
        (collection({"properties": {"code": "370685001"}, "geometry": {"type": "\udfff" + "长" * 99}}), "图形类型是 ?长"),
        (collection({"properties": {"code": "370685001"}, "geometry": {"type": ["Polygon"]}}), "图形类型是 空"),
        (collection(*[{}] * 1_001), "有 1,001 个图形"),
        (collection(shaped([[[120, 37], [121, 37], [121, 38], [120, 37]]] * 201)), "由 201 个圈"),
        (collection(shaped([[[120, 37], [121, 37], [122, 37], [120, 37]]])), "没有面积"),
        (collection(shaped([[[120, 37], [121, 37], [121, 38], *[[120, 37]] * 400_000]])), "坐标点太多"),
    ],
)
def test_every_refusal_is_explained(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_a_long_border_is_thinned_and_stays_closed() -> None:
    ring = [(120 + at / 10_000, 37 + (at % 7) / 100_000) for at in range(5_000)]
    ring += [(120.5, 37.4), (120, 37.4), ring[0]]
    thin = outlines.thinned(ring, 100)
    assert len(thin) <= 100
    assert thin[0] == thin[-1]
    assert (120.5, 37.4) in thin


@pytest.mark.parametrize("shape", ["comb", "spiral", "one point"])
def test_a_ring_drawn_to_be_slow_costs_no_more_than_any(shape: str) -> None:
    """Each of these was quadratic in the points once, and held a worker for minutes."""
    count = 100_000
    ring = {
        "comb": [(120 + at / count, 37 + (at % 2) * (count - at) / count) for at in range(count)],
        "spiral": [(120 + at / count * math.cos(at), 37 + at / count * math.sin(at)) for at in range(count)],
        "one point": [(120.0, 37.0)] * count,
    }[shape]
    began = time.process_time()
    thin = outlines.thinned([*ring, ring[0]], 240)
    assert time.process_time() - began < 10
    assert len(thin) <= 240
    assert thin[0] == thin[-1]


def test_a_county_without_directions_begins_with_a_grid() -> None:
    codes = [f"152200{at:03}" for at in range(1, 20)]
    squares = places.as_shipped(codes)
    assert len(set(squares.values())) == 19
    assert squares[codes[0]] == (1, 1)
    assert max(row for _, row in squares.values()) <= places.MOST


def test_names_of_narrow_parts_stand_clear_of_each_other() -> None:
    parts = (Mark("来访", 37), Mark("来电", 7), Mark("网上信访（网信）", 5), Mark("领导信箱", 2), Mark("其他", 3))
    drawn = svg.band(Stacks("受理形式", "件", (Stack("登记", parts),), "形式"))
    below = [(float(x), words) for x, words in re.findall(r'<text x="([\d.]+)" y="42"[^>]*>([^<]+)<', drawn)]
    assert len(below) == 3
    edges = sorted((x - canvas.span(words, 11) / 2, x + canvas.span(words, 11) / 2) for x, words in below)
    assert all(left[1] < right[0] for left, right in pairwise(edges))


@pytest.mark.parametrize("days", [1, 2, 7, 14, 28, 29, 30, 31, 90, 92])
def test_no_word_of_the_days_is_cut_at_the_edge_of_the_sheet(days):
    labels = tuple(f"第{day}天" for day in range(1, days + 1))
    chart = Lines("累计", "件", labels, (Series("本期", tuple(Mark(label, 3) for label in labels)),))
    drawn = ElementTree.fromstring(svg.lines(chart))  # noqa: S314 (our own picture)
    written_out = [one for one in drawn.iter() if one.tag.endswith("text") and one.text in labels]
    assert written_out
    for one in written_out:
        wide, x = canvas.span(one.text, float(one.get("font-size"))), float(one.get("x"))
        left = {"middle": x - wide / 2, "end": x - wide}.get(one.get("text-anchor"), x)
        assert left >= 0, one.text
        assert left + wide <= svg.WIDTH, one.text
