"""The last weeks day by day: the small line of a card and the trend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.safestring import SafeString, mark_safe

from reports.charts import svg
from reports.charts.data import Lines, Mark, Series
from reports.dashboard.reading import Links
from reports.queries.figures import Figure, Selection, split
from reports.rules.measures import MEASURES
from reports.rules.periods import Basis, Period

#: Days the small lines and the trend are drawn of, and of the trend alone; a longer period is drawn by weeks.
_BACK, _TREND, _LONG = 84, 30, 92


def read(where: Selection) -> dict[date, dict[str, Figure]]:
    """The last weeks day by day, each measure by its own date, up to the end of the period."""
    until = where.on
    period = Period(until - timedelta(days=_BACK - 1), until)
    rows = split(["cases", "closed", "visitors", "reply_on_time", "once", "satisfaction"], where.within(period=period, basis=Basis.OWN), "day").rows
    return {day: cells for day, cells in rows.items() if isinstance(day, date)}


def spark(code: str, days: Mapping[date, Mapping[str, Figure]]) -> SafeString:
    """Twelve weeks as a small line. A stock has no past that can be asked cheaply, so it has none."""
    if not days or code == "overdue":
        return SafeString("")
    last = max(days)
    sums = [[0, 0] for _ in range(_BACK // 7)]
    for day, cells in days.items():
        at = len(sums) - 1 - (last - day).days // 7
        if at >= 0 and code in cells:
            sums[at][0] += cells[code].numerator
            sums[at][1] += cells[code].denominator
    measure = MEASURES[code]
    return mark_safe(svg.spark([measure.value(*both) for both in sums]))  # noqa: S308 (numbers only)


def trend(where: Selection, days: Mapping[date, Mapping[str, Figure]], links: Links) -> Lines:
    """登记与办结 of the last thirty days; of a longer period, by weeks."""
    by_week = where.period.days > _LONG
    step, back = (7, _BACK) if by_week else (1, _TREND)
    first = where.on - timedelta(days=back - 1)
    spans = [(first + timedelta(days=at), first + timedelta(days=at + step - 1)) for at in range(0, back, step)]
    own = where.within(basis=Basis.OWN)
    series = []
    for code, name in (("cases", "登记"), ("closed", "办结")):
        marks = []
        for since, until in spans:
            count = sum(
                days[day][code].numerator
                for day in (since + timedelta(days=n) for n in range((until - since).days + 1))
                if day in days and code in days[day]
            )
            address = links.behind(own, code, since=since.isoformat(), until=until.isoformat())
            marks.append(Mark(f"{since:%m-%d}", count, address))
        series.append(Series(name, tuple(marks)))
    title = f"近{back // 7}周登记与办结" if by_week else f"近{_TREND}天登记与办结"
    light = frozenset(at for at, (since, _) in enumerate(spans) if not by_week and since.weekday() >= 5)
    return Lines(title, "件", tuple(f"{since:%m-%d}" for since, _ in spans), tuple(series), light, "周（起始日）" if by_week else "日期")
