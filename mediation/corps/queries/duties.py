"""The duty log of the four at-leasts and what each period lacks (MED-14)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from mediation.corps import rules, scope
from mediation.corps.queries.people import terms_first
from mediation.corps.rules import Period
from mediation.models import Duty, Mediator
from mediation.models.corps import MediatorQuerySet
from organisations import clock
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Cell:
    """One period of one person: what is still missing, or that it is not over yet."""

    period: Period
    missing: list[str]
    is_running: bool

    @property
    def words(self) -> str:
        if not self.missing:
            return "已完成"
        return ("还差" if self.is_running else "缺") + "、".join(self.missing)

    @property
    def tone(self) -> str:
        if not self.missing:
            return "ok"
        return "muted" if self.is_running else "bad"


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A person's month of the four at-leasts."""

    mediator: Mediator
    counts: list[tuple[str, int]]
    cells: list[Cell]

    @property
    def gaps(self) -> int:
        return sum(bool(cell.missing) and not cell.is_running for cell in self.cells)


def read_month(data: Mapping[str, str]) -> date:
    """The first day of the month asked for, not after this one."""
    this = clock.today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{data.get('month', '')[:7]}-01")
    except ValueError:
        return this
    return min(asked, this)


def fulfilment(by: Scope, year: int, month: int) -> list[Fulfilment]:
    """Worthies and advisers in office during the month, by unit: what each period lacks. Voided duties do not count (MED-14)."""
    today = clock.today()
    spans = {str(kind): rules.periods(kind, year, month) for kind in rules.BOUND}
    first = min(period.first for span in spans.values() for period in span)
    last = max(period.last for span in spans.values() for period in span)
    bound = scope.visible(by).filter(kind__in=rules.BOUND).select_related("unit").prefetch_related(terms_first())
    done: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for person_id, on, kind in Duty.objects.filter(mediator__in=bound, on__range=(first, last), voided_at=None).values_list("mediator", "on", "kind"):
        done[person_id].append((on, kind))
    found = []
    for mediator in bound:
        cells = []
        for period in spans[mediator.kind]:
            if period.first > today or not served(mediator, period):
                continue
            kinds = [kind for on, kind in done[mediator.pk] if period.first <= on <= period.last]
            cells.append(Cell(period, rules.unmet(kinds), period.last >= today))
        if cells:
            inside = Counter(kind for on, kind in done[mediator.pk] if (on.year, on.month) == (year, month))
            counts = [(name, sum(inside[kind] for kind in kinds)) for name, kinds in rules.AT_LEASTS]
            found.append(Fulfilment(mediator, counts, cells))
    return found


def served(mediator: Mediator, period: Period) -> bool:
    """In office for the whole of the period: nobody owes a week of which half was not theirs."""
    return any(
        term.from_on <= period.first and term.until_on >= period.last and (term.ended_on is None or term.ended_on > period.last)
        for term in mediator.terms  # type: ignore[attr-defined]
    )


DUTY_HEADINGS = ("姓名", "类别", "所在单位", "期间", "排查", "咨询或调解", "宣传", "讲座", "缺少")


def fulfilment_cells(rows: Iterable[Fulfilment]) -> Iterator[list[Any]]:
    for row in rows:
        for cell in row.cells:
            marks = ["缺" if name in cell.missing else "有" for name, _ in rules.AT_LEASTS]
            person = row.mediator
            yield [person.name, person.get_kind_display(), person.unit.short_name, cell.period.label, *marks, "、".join(cell.missing)]


def duty_log(by: Scope) -> QuerySet[Duty]:
    """Duties of the people in scope, voided ones too."""
    return Duty.objects.filter(mediator__in=scope.visible(by)).select_related("mediator")


def loggable(by: Scope) -> MediatorQuerySet:
    """For whom the scope may write a duty: oneself, and the people of the units it keeps."""
    kept = [unit.id for unit in scope.kept_units(by)]
    return scope.visible(by).serving(clock.today()).filter(Q(user=by.user) | Q(unit__in=kept)).select_related("unit")
