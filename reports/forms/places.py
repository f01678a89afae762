"""The map of the towns: a square for each, and a file of outlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from reports.rules import outlines, places

_COLUMNS = [(at, f"第 {at} 列") for at in range(1, places.MOST + 1)]
_ROWS = [(at, f"第 {at} 行") for at in range(1, places.MOST + 1)]


def _choice(words: str, offered: list[tuple[int, str]], chosen: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=words, choices=offered, coerce=int, initial=chosen, widget=forms.Select(attrs={"class": "select", "aria-label": words})
    )


class SquaresForm(forms.Form):
    """A column and a row for every town; columns from the west, rows from the north."""

    def __init__(self, towns: Mapping[str, str], squares: Mapping[str, places.Square], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = towns
        for code, name in towns.items():
            column, row = squares[code]
            self.fields[f"column_{code}"] = _choice(f"{name}的列", _COLUMNS, column)
            self.fields[f"row_{code}"] = _choice(f"{name}的行", _ROWS, row)

    @property
    def lines(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(name, self[f"column_{code}"], self[f"row_{code}"]) for code, name in self.towns.items()]

    @property
    def squares(self) -> dict[str, places.Square]:
        return {code: (self.cleaned_data[f"column_{code}"], self.cleaned_data[f"row_{code}"]) for code in self.towns}


class OutlinesForm(forms.Form):
    file = forms.FileField(
        label="GeoJSON 文件",
        help_text=f"乡镇（街道）边界，经纬度坐标，最大 {outlines.MOST_BYTES // 1_000_000} MB",
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json", "class": "input"}),
    )
