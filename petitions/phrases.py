"""The texts for acts (常用语) that the house brings along, for the whole county; the centre's head changes them on the page."""

from __future__ import annotations

import json
from pathlib import Path

from casework.texts import Shipped


def shipped() -> list[Shipped]:
    """Every row of data/texts.json."""
    rows = json.loads((Path(__file__).parent / "data" / "texts.json").read_text(encoding="utf-8"))
    return [Shipped(**row) for row in rows]
