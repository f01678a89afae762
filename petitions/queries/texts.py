"""常用语 as the page and its file show them."""

from __future__ import annotations

from dataclasses import dataclass

from casework import texts
from casework.models import TextTemplate
from organisations.scope import Scope
from petitions import codes
from petitions.rules import STEPS

GROUPS = {texts.OWN: "我的", texts.UNIT: "本单位的", texts.COUNTY: "全县的"}


@dataclass(frozen=True, slots=True)
class Line:
    """A text with the words for whose it is, its act and its class (empty: any)."""

    template: TextTemplate
    group: str
    act: str
    topic: str


def lines(by: Scope, act: str = "") -> list[Line]:
    """Everything one may use, one's own first; `act` narrows to one act."""
    return [_line(row) for row in texts.listed(by) if act in ("", row.act)]


def _line(row: TextTemplate) -> Line:
    topic = codes.CATEGORIES.get(row.topic_code.ljust(6, "0")) if row.topic_code else None
    return Line(row, GROUPS[texts.whose(row)], STEPS[row.act].label if row.act in STEPS else row.act, topic.name if topic else "")
