"""What became different of closed periods: facts that arrived later change earlier figures, and the next report says so (request 27)."""

from __future__ import annotations

from typing import Any

from casework.models import Case
from reports.models import Closing, Fact, FrozenFact
from reports.month import rules
from reports.month.content import HIDDEN, Ratio
from reports.month.frames import Frame
from reports.queries import figures
from reports.queries.figures import Figure, Selection
from reports.rules.measures import MEASURES, Sort
from reports.rules.periods import Period, Span

#: Closed periods that are looked at again, newest first.
LOOKED_AT = 12


def found() -> list[dict[str, Any]]:
    """Each closed period whose figures are different now, with each figure as closed and as now and the cases behind the difference."""
    rows = []
    for closing in Closing.objects.order_by("-until", "-pk")[:LOOKED_AT]:
        lines = of(closing)
        if lines:
            period = Period(closing.since, closing.until, Span(closing.span))
            sealed = closing.reports.filter(unit_id=closing.unit_id).values_list("manifest_sha256", flat=True).first()
            rows.append({"label": f"{rules.label(period)}{rules.TITLES[period.span]}", "sha256": sealed or "", "lines": lines})
    return rows


def of(closing: Closing) -> list[dict[str, Any]]:
    """The figures of one closed period that frozen and live facts count differently."""
    where = Selection(Period(closing.since, closing.until, Span(closing.span)), closing.until, Frame(closing.frame).ground)
    codes = [code for code in closing.measures if code in MEASURES]
    frozen, live = FrozenFact.objects.filter(closing=closing), Fact.objects.all()
    was, now = figures.read_many(codes, where, frozen), figures.read_many(codes, where, live)
    return [_line(was[code], now[code], _cases(code, where, closing)) for code in codes if _counts(was[code]) != _counts(now[code])]


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


def _cases(code: str, where: Selection, closing: Closing) -> str:
    """The numbers of the cases that are counted, or met, on one side alone; a protected one by a word."""
    frozen, live = FrozenFact.objects.filter(closing=closing), Fact.objects.all()
    differing: set[int] = set()
    for part in ("counted", "met"):
        differing |= set(figures.case_ids(code, where, part, frozen)) ^ set(figures.case_ids(code, where, part, live))
    named = [
        HIDDEN if confidential else number
        for number, confidential in Case.objects.filter(pk__in=differing).order_by("number").values_list("number", "confidential")
    ]
    more = f"等{len(named)}件" if len(named) > rules.MOST_NAMED else ""
    return "、".join(named[: rules.MOST_NAMED]) + more if named else "件数未变，记录的人数、天数有更正"
