"""The figures themselves: one function each, and all of them split by town, type, body, way, result or month in one statement.

A function takes the disputes one may count (`Dispute.objects.visible_to(scope)`, or all for a report of the house) and a
period, and says how many, of how many, and which cases. The table and the list behind a number use the same conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from casework.queries import lists
from mediation import codes
from mediation.figures.rules import DEFINITIONS, SPLITS, Period, Result, percent
from mediation.models import Dispute
from mediation.models.dispute import DisputeQuerySet
from mediation.rules import State
from organisations import clock, directory
from organisations.scope import Scope

_AGREED = Q(result="1", agreed_on__isnull=False)
_PREVENTED = ~Q(prevented="")
_PETITIONS = Q(prevented=Dispute.Prevented.PETITION)
#: What each plain count adds to the cases handled.
CONDITIONS = {"handled": Q(), "agreed": _AGREED, "prevented": _PREVENTED, "petitions_prevented": _PETITIONS}
#: What each split groups by.
_COLUMNS: dict[str, Any] = {
    "town": F("case__town_code"),
    "type": F("type_code"),
    "body": F("body"),
    "way": F("way"),
    "result": F("result"),
    "month": TruncMonth("accepted_on"),
}
#: Rows of the list behind a number.
PAGE = 50


def cohort(disputes: DisputeQuerySet, period: Period) -> QuerySet[Dispute]:
    """The disputes accepted in the period; what was registered in error does not count."""
    return disputes.filter(accepted_on__range=(period.since, period.until)).exclude(case__state=State.VOIDED)


def _ids(found: QuerySet[Dispute]) -> tuple[int, ...]:
    return tuple(found.order_by("-accepted_on", "-pk").values_list("pk", flat=True))


def handled(disputes: DisputeQuerySet, period: Period) -> Result:
    """受理调处 (752 of 招远, 1,062 of 鄂托克前旗, 8,505 of 聊城)."""
    ids = _ids(cohort(disputes, period))
    return Result(len(ids), None, ids)


def agreed(disputes: DisputeQuerySet, period: Period) -> Result:
    """调解成功 (993; 8,279)."""
    ids = _ids(cohort(disputes, period).filter(_AGREED))
    return Result(len(ids), None, ids)


def success_rate(disputes: DisputeQuerySet, period: Period) -> Result:
    """成功率: of those accepted in the period, who agreed."""
    ids = _ids(cohort(disputes, period).filter(_AGREED))
    return Result(len(ids), cohort(disputes, period).count(), ids)


def prevented(disputes: DisputeQuerySet, period: Period) -> Result:
    """防止激化 (104 of 招远)."""
    ids = _ids(cohort(disputes, period).filter(_PREVENTED))
    return Result(len(ids), None, ids)


def petitions_prevented(disputes: DisputeQuerySet, period: Period) -> Result:
    """防止群体性上访."""
    ids = _ids(cohort(disputes, period).filter(_PETITIONS))
    return Result(len(ids), None, ids)


FIGURES: dict[str, Callable[[DisputeQuerySet, Period], Result]] = {
    "handled": handled,
    "agreed": agreed,
    "success_rate": success_rate,
    "prevented": prevented,
    "petitions_prevented": petitions_prevented,
}


# -- the page ---------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: the period, the split, and for the list one figure and one group (None: all of them)."""

    period: Period
    split: str = "town"
    figure: str = "handled"
    group: str | None = None

    def query(self, **changes: Any) -> str:
        found = {
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
            "by": self.split,
            "figure": self.figure,
            "group": self.group,
            **changes,
        }
        return urlencode({key: value for key, value in found.items() if value is not None})


def read(params: Any) -> Wanted:
    """A link never fails: what an address says wrongly is left out. Without days, this year until today."""
    today = clock.today()
    since, until = _day(params.get("since", ""), today.replace(month=1, day=1)), _day(params.get("until", ""), today)
    split, figure = params.get("by", ""), params.get("figure", "")
    group = params.get("group")
    return Wanted(
        period=Period(min(since, until), max(since, until)),
        split=split if split in SPLITS else "town",
        figure=figure if figure in FIGURES else "handled",
        group=None if group is None else group[:24],
    )


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 1900 <= day.year < 3000 else otherwise


@dataclass(frozen=True, slots=True)
class Number:
    """One cell: what it shows and, for a count, the list it counts."""

    code: str
    text: str
    value: int | Decimal | None
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """One group of the table with its figures."""

    label: str
    group: str | None
    numbers: tuple[Number, ...]


def table(scope: Scope, wanted: Wanted) -> list[Line]:
    """Every figure by the split, the whole first. Two statements, however many groups."""
    found = cohort(Dispute.objects.visible_to(scope), wanted.period)
    # Columns of their own names: `prevented` would hide the field the next condition asks.
    counts = {f"n_{code}": Count("pk", filter=condition) for code, condition in CONDITIONS.items()}
    whole = found.aggregate(**counts)
    rows: Iterable[Any] = found.annotate(split=_COLUMNS[wanted.split]).order_by().values("split").annotate(**counts)
    names = _names(wanted.split)
    lines = [Line("合计", None, _numbers(whole, wanted, None))]
    for row in sorted(rows, key=lambda row: _order(wanted.split, row)):
        group = _group(row["split"])
        lines.append(Line(names.get(group, group or "未填"), group, _numbers(row, wanted, group)))
    return lines


def _order(split: str, row: dict[str, Any]) -> tuple[Any, ...]:
    """Months in their order, everything else by how many."""
    return (row["split"],) if split == "month" else (-row["n_handled"], _group(row["split"]))


def _group(value: Any) -> str:
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value or "")


def _numbers(row: dict[str, Any], wanted: Wanted, group: str | None) -> tuple[Number, ...]:
    found = []
    for code, figure in DEFINITIONS.items():
        query = wanted.query(figure=code, group=group)
        if figure.is_share:
            share = percent(row["n_agreed"], row["n_handled"])
            found.append(Number(code, "—" if share is None else f"{share}%", share, query))
        else:
            count = row[f"n_{code}"]
            found.append(Number(code, f"{count:,}", count, query))
    return tuple(found)


def _names(split: str) -> dict[str, str]:
    if split == "town":
        return {"": "县直", **{area.code: area.name for area in directory.current().areas.values() if area.level == "town"}}
    if split == "month":
        return {}
    named = {"type": codes.TYPES, "body": codes.BODIES, "way": codes.WAYS, "result": codes.RESULTS}[split]
    return {"": "尚无结果" if split in ("way", "result") else "未填", **dict(named.choices)}


def behind(scope: Scope, wanted: Wanted) -> Result:
    """The figure of one group: the very cases a number of the table counts."""
    disputes = Dispute.objects.visible_to(scope)
    if wanted.group is not None:
        disputes = disputes.annotate(split=_COLUMNS[wanted.split]).filter(split=_value(wanted))
    return FIGURES[wanted.figure](disputes, wanted.period)


def _value(wanted: Wanted) -> Any:
    """A group as the column holds it. A month that is none finds nothing."""
    if wanted.split == "month":
        return _day(f"{wanted.group}-01", date(1900, 1, 1))
    return wanted.group or ""


def group_words(wanted: Wanted) -> str:
    """«阜山镇»; nothing for the whole."""
    if wanted.group is None:
        return ""
    return _names(wanted.split).get(wanted.group, wanted.group or "未填")


def page_of(scope: Scope, result: Result, number: int) -> list[lists.Row]:
    """One page of the list behind a number."""
    return lists.rows_of(scope, result.case_ids[(number - 1) * PAGE : number * PAGE])


def pages(result: Result) -> int:
    return max(1, -(-len(result.case_ids) // PAGE))


def cells(lines: Sequence[Line]) -> list[list[str | int]]:
    """The table as a file holds it: counts as numbers, shares as the page writes them."""
    return [[line.label, *(number.value if isinstance(number.value, int) else number.text for number in line.numbers)] for line in lines]
