"""What became different of closed periods: facts that arrived later change earlier figures, and the next report says so (request 27)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from organisations import clock
from reports.models import Closing, Fact, FrozenFact
from reports.month import frames, privacy, rules
from reports.month.frames import Frame
from reports.month.grids import Ratio
from reports.month.lists import HIDDEN
from reports.month.queries import Source, period_of
from reports.queries import figures
from reports.queries.figures import Figure, Selection
from reports.rules.measures import Sort

#: Closed periods that are looked at again, newest first.
LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Restated:
    """What was found, and when."""

    at: datetime
    rows: Sequence[dict[str, Any]]


def of_county() -> list[dict[str, Any]]:
    """Each closed period whose figures are different now, with each figure as closed and as now and the cases behind the difference."""
    closings = Closing.objects.order_by("-until", "-pk")[:LOOKED_AT]
    return _found((closing, closing.unit_id) for closing in closings)


def of_unit(unit_id: int, closing: Closing) -> list[dict[str, Any]]:
    """The same on the ground of one unit, of the periods that were closed before: those in which the unit was there."""
    earlier = Closing.objects.filter(pk__lt=closing.pk).order_by("-until", "-pk")[:LOOKED_AT]
    return _found((before, unit_id) for before in earlier if str(unit_id) in before.frame["grounds"])


def _found(grounds: Iterable[tuple[Closing, int]]) -> list[dict[str, Any]]:
    rows = []
    for closing, unit_id in grounds:
        lines = _lines(closing, Frame(frames.for_unit(closing.frame, unit_id)))
        if lines:
            period = period_of(closing)
            sealed = closing.reports.filter(unit_id=unit_id).values_list("manifest_sha256", flat=True).first()
            rows.append({"label": f"{rules.label(period)}{rules.TITLES[period.span]}", "sha256": sealed or "", "lines": lines})
    return rows


def _lines(closing: Closing, frame: Frame) -> list[dict[str, Any]]:
    """The figures of one closed period that frozen and live facts count differently."""
    source = Source(closing)
    where = Selection(period_of(closing), closing.until, frame.ground, versions=source.versions)
    was, now = figures.read_many(source.codes, where, source.facts), figures.read_many(source.codes, where, Fact.objects.all())
    changed = [code for code in source.codes if _counts(was[code]) != _counts(now[code])]
    return [_line(was[code], now[code], _cases(code, where, closing, frame)) for code in changed]


def _counts(figure: Figure) -> tuple[int, int]:
    return figure.numerator, figure.denominator


def _line(was: Figure, now: Figure, cases: str) -> dict[str, Any]:
    measure = was.measure
    if measure.sort in {Sort.SHARE, Sort.DAYS}:
        change = "—" if was.value is None or now.value is None else f"{now.value - was.value:+.1f}"
    else:
        change = f"{now.numerator - was.numerator:+d}"
    return {"code": measure.code, "name": measure.name, "was": _text(was), "now": _text(now), "change": change, "cases": cases}


def _text(figure: Figure) -> str:
    if figure.measure.sort in {Sort.SHARE, Sort.DAYS}:
        ratio = Ratio(figure.numerator, figure.denominator, figure.measure.is_share)
        return f"{ratio.text}（{figure.numerator}/{figure.denominator}）"
    return str(figure.numerator)


def _cases(code: str, where: Selection, closing: Closing, frame: Frame) -> str:
    """The numbers of the cases that are counted, or met, on one side alone; those that may not be named by a word and their number."""
    frozen, live = FrozenFact.objects.filter(closing=closing), Fact.objects.all()
    differing: set[int] = set()
    for part in ("counted", "met"):
        differing |= set(figures.case_ids(code, where, part, frozen)) ^ set(figures.case_ids(code, where, part, live))
    facts = Fact.objects.filter(pk__in=differing).annotate(called=F("case__number")).order_by("called")
    named, unnamed = list[str](), Counter[str]()
    for fact in facts:
        if fact.confidential:
            unnamed[HIDDEN] += 1
        elif privacy.is_known(fact, frame, clock.today()):
            named.append(fact.called)
        else:
            unnamed[privacy.ELSEWHERE] += 1
    more = f"等{len(named)}件" if len(named) > rules.MOST_NAMED else ""
    told = ["、".join(named[: rules.MOST_NAMED]) + more, *(f"{word}{number}件" for word, number in sorted(unnamed.items()))]
    return "；".join(words for words in told if words) or "件数未变，记录的人数、天数有更正"
