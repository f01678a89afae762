"""Options for ECharts, as plain values for a JSON block of the page (no scripts in the page, L-SEC: strict CSP). Pure.

Colours are written as the page's variables, «var(--c1)»; static/js/charts.js puts the theme's colours in their place and draws
again when it changes. Every mark carries the address of the list it counts.
"""

from __future__ import annotations

from typing import Any

from reports.charts.data import Lines, Mark, Places, Tree

Option = dict[str, Any]

#: Widths and dashes of lines, so that they differ without colour.
_DASHES: tuple[Any, ...] = ("solid", [6, 4], [2, 3], [10, 3, 2, 3])
#: One hue from dark to light: area tells the size already, colour only lifts the first few.
_SHADES = tuple(f"var(--tree-{step})" for step in range(7))
#: A category is drawn with its parts from this share of the whole.
_PARTED = 0.06
_TIP: Option = {
    "renderMode": "richText",
    "confine": True,
    "backgroundColor": "var(--n-0)",
    "borderColor": "var(--n-200)",
    "padding": [6, 10],
    "textStyle": {"color": "var(--n-900)", "fontSize": 13},
}


def lines(chart: Lines) -> Option:
    """Lines over days, the first with its area, the others dashed."""
    return {
        "animation": False,
        "grid": {"left": 38, "right": 16, "top": 14, "bottom": 24},
        "tooltip": {**_TIP, "trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": list(chart.labels),
            "boundaryGap": False,
            "axisLine": {"lineStyle": {"color": "var(--n-300)"}},
            "axisTick": {"show": False},
            "axisLabel": {"color": "var(--n-500)", "fontSize": 12, "interval": max(0, -(-len(chart.labels) // 6) - 1)},
        },
        "yAxis": {
            "type": "value",
            "minInterval": 1,
            "splitNumber": 4,
            "axisLabel": {"color": "var(--n-500)", "fontSize": 12},
            "splitLine": {"lineStyle": {"color": "var(--n-100)"}},
        },
        "series": [
            {
                "name": one.name,
                "type": "line",
                "symbol": "none",
                "triggerLineEvent": True,
                "data": [{"value": mark.size, "url": mark.url} for mark in one.marks],
                "lineStyle": {"width": 2, "type": _DASHES[nth % len(_DASHES)], "color": f"var(--c{nth + 1})"},
                "itemStyle": {"color": f"var(--c{nth + 1})"},
                **({} if nth else {"areaStyle": {"color": "var(--c1)", "opacity": 0.09}}),
            }
            for nth, one in enumerate(chart.series)
        ],
    }


def tree(chart: Tree) -> Option:
    """Categories as areas; a click on one opens its parts, on a part without more its list."""
    whole = sum(mark.size for mark in chart.marks)
    largest = sorted((mark for mark in chart.marks if mark.size), key=lambda m: (-m.size, m.label))
    return {
        "animation": False,
        "tooltip": {**_TIP, "formatter": f"{{b}}  {{c}} {chart.unit}"},
        "series": [
            {
                "type": "treemap",
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "left": 0,
                "right": 0,
                "top": 0,
                "bottom": 0,
                "leafDepth": 2,
                "squareRatio": 1.1,
                "label": {"fontSize": 12, "color": "var(--n-900)", "formatter": "{b}\n{c}", "lineHeight": 16, "overflow": "breakAll"},
                "upperLabel": {
                    "show": True,
                    "height": 22,
                    "fontSize": 12,
                    "color": "var(--n-900)",
                    "fontWeight": 600,
                    "padding": [0, 6],
                    "formatter": "{b} {c}",
                },
                "levels": [
                    {"itemStyle": {"borderWidth": 0, "gapWidth": 4, "borderColor": "var(--n-0)"}, "upperLabel": {"show": False}},
                    {"itemStyle": {"borderWidth": 0, "gapWidth": 2}},
                ],
                "data": [_node(mark, min(nth, len(_SHADES) - 1), whole) for nth, mark in enumerate(largest)],
            }
        ],
    }


def outlines(chart: Places) -> Option:
    """The county's own outlines, darker the more; `map` is the GeoJSON charts.js registers under its name."""
    marks = {tile.mark.key: tile for tile in chart.tiles}
    return {
        "map": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": shape.name},
                    "geometry": {"type": "MultiPolygon", "coordinates": [[[list(point) for point in ring]] for ring in shape.rings]},
                }
                for shape in chart.shapes
            ],
        },
        "animation": False,
        "tooltip": {**_TIP, "trigger": "item", "formatter": f"{{b}}  {{c}} {chart.unit}"},
        "series": [
            {
                "type": "map",
                "map": "county",
                "roam": False,
                "selectedMode": False,
                "left": 6,
                "right": 6,
                "top": 6,
                "bottom": 6,
                "label": {"show": True, "fontSize": 12, "color": "var(--n-900)", "formatter": "{b}\n{c}"},
                "itemStyle": {"areaColor": "var(--n-100)", "borderColor": "var(--n-400)", "borderWidth": 1},
                "emphasis": {"label": {"color": "var(--n-900)"}, "itemStyle": {"areaColor": "var(--blue-200)"}},
                "data": [
                    {
                        "name": shape.name,
                        "value": marks[shape.key].mark.size,
                        "url": marks[shape.key].mark.url,
                        "itemStyle": {"areaColor": f"var(--tile-{marks[shape.key].level})"},
                        "label": {"color": f"var(--tile-ink-{marks[shape.key].level})"},
                    }
                    for shape in chart.shapes
                    if shape.key in marks and marks[shape.key].mark.value is not None
                ],
            }
        ],
    }


def _node(mark: Mark, shade: int, whole: float) -> Option:
    """One category: its colour, its own parts lighter, and where a click leads. Parts of a small one have no room for a name."""
    colour = _SHADES[shade]
    return {
        "name": mark.label,
        "value": mark.size,
        "url": mark.more or mark.url,
        "itemStyle": {"color": colour, "borderColor": colour},
        "children": [
            {"name": child.label, "value": child.size, "url": child.more or child.url, "itemStyle": {"color": f"var(--leaf-{shade})"}}
            for child in mark.children
            if child.size and mark.size >= whole * _PARTED
        ],
    }
