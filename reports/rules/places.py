"""Where a town stands on the tile map before a county has said so. Pure.

`reports/data/places.json` has the directions of the demo county's towns; any other county begins with a compact grid in the
order of its codes and puts it right on the page «乡镇方位».
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

#: The largest map: so many columns and rows.
MOST = 8
#: Columns of a grid nobody has arranged.
COLUMNS = 5
_SHIPPED: dict[str, list[int]] = json.loads((Path(__file__).parent.parent / "data" / "places.json").read_text(encoding="utf-8"))

Square = tuple[int, int]


def as_shipped(codes: Sequence[str]) -> dict[str, Square]:
    """Town code → (column, row). Only where every town is known are the shipped directions right."""
    if codes and all(code in _SHIPPED for code in codes):
        return {code: (_SHIPPED[code][0], _SHIPPED[code][1]) for code in codes}
    columns = max(COLUMNS, -(-len(codes) // MOST))
    return {code: (at % columns + 1, at // columns + 1) for at, code in enumerate(sorted(codes))}
