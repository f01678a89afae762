"""Lists of rounds and findings, and their filter as the address holds it. Coverage counts by the same conditions, so that both agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from mediation.models import Campaign, Finding, Round
from mediation.screening import rules
from mediation.screening.rules import Ending
from organisations import clock
from organisations.scope import Scope

#: Rows of one page of a list.
PAGE = 50


def statuses(today: date) -> dict[str, tuple[str, Q]]:
    """The states of a round as lists and figures tell them apart: one condition for both, so that they agree."""
    return {
        "all": ("全部轮次", Q()),
        "reported": ("已报", Q(reported_at__isnull=False)),
        "nothing": ("报“未发现”", Q(is_nothing=True)),
        "found": ("有发现", Q(is_nothing=False)),
        "late": ("逾期才报", Q(is_late=True)),
        "missed": ("缺报", Q(reported_at=None, due_on__lt=today)),
        "open": ("未到期", Q(reported_at=None, due_on__gte=today)),
    }


#: How a finding ended, as lists and figures tell it apart.
ENDINGS: dict[str, tuple[str, Q]] = {
    "all": ("全部发现", Q()),
    "open": ("待处置", Q(ending=Ending.OPEN)),
    "disputes": ("转为纠纷", Q(ending__in=[Ending.DISPUTE, Ending.LINKED])),
    "on_spot": ("当场化解", Q(ending=Ending.ON_SPOT)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as the address holds it. The period is that in which a round's own period ends."""

    since: date
    until: date
    status: str = "all"
    branch: int | None = None
    unit: int | None = None
    page: int = 1

    def query(self, **changes: object) -> str:
        merged = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        parts = {
            "since": merged.since,
            "until": merged.until,
            "status": "" if merged.status == "all" else merged.status,
            "branch": merged.branch,
            "unit": merged.unit,
            "page": "" if merged.page == 1 else merged.page,
        }
        return urlencode({key: value for key, value in parts.items() if value})


def read(params: Mapping[str, str], today: date) -> Wanted:
    """The filter from the address; what cannot be read is left out. Without dates: this month."""
    first = today.replace(day=1)
    asked = sorted(day for day in (_day(params.get("since", "")), _day(params.get("until", ""))) if day is not None)
    since, until = (asked[0], asked[-1]) if asked else (first, _month_end(first))
    branch, unit, page = (_number(params.get(name, "")) for name in ("branch", "unit", "page"))
    return Wanted(since, until, params.get("status", "all"), branch, unit, page or 1)


def months_back(today: date, n: int) -> list[tuple[str, date, date]]:
    """This month and those before it, as (words, first, last): what the page offers as periods."""
    found = []
    first = today.replace(day=1)
    for _ in range(n):
        found.append((f"{first.year}年{first.month}月", first, _month_end(first)))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def in_period(scope: Scope, wanted: Wanted) -> QuerySet[Round]:
    found = Round.objects.visible_to(scope).filter(until_on__range=(wanted.since, wanted.until))
    if wanted.branch is not None:
        found = found.filter(branch=wanted.branch)
    return found.filter(unit=wanted.unit) if wanted.unit is not None else found


def rounds(scope: Scope, wanted: Wanted) -> QuerySet[Round]:
    """The rounds of a list, newest period first, in the tree's order."""
    _, condition = statuses(clock.today()).get(wanted.status, ("", Q()))
    found = in_period(scope, wanted).filter(condition).select_related("unit", "branch", "campaign", "reported_by")
    return found.order_by("-until_on", "unit__path", "-id")


def findings(scope: Scope, wanted: Wanted) -> QuerySet[Finding]:
    """The findings of the same rounds, newest first."""
    _, condition = ENDINGS.get(wanted.status, ("", Q()))
    found = Finding.objects.visible_to(scope).filter(condition, round__in=in_period(scope, wanted).values("pk"))
    related = ("round__unit", "round__campaign", "area", "dispute__case", "ended_by")
    return found.select_related(*related).order_by("-round__until_on", "round__unit__path", "no")


def open_findings(scope: Scope) -> QuerySet[Finding]:
    """Everything in sight that nobody has dealt with, the oldest first: it does not fall out of a period."""
    found = Finding.objects.visible_to(scope).filter(ending=Ending.OPEN)
    return found.select_related("round__unit", "round__campaign", "area").order_by("round__reported_at", "pk")


def opening_units(scope: Scope) -> list[int]:
    """Units in whose name this person opens and takes back special rounds."""
    return [standing.unit_id for standing in scope.standings if standing.role in rules.OPENING]


def campaigns(scope: Scope) -> QuerySet[Campaign]:
    """One's own special rounds, the newest first, with how many have reported. One statement."""
    found = Campaign.objects.filter(unit__in=opening_units(scope)).select_related("opened_by", "withdrawn_by")
    reported = Count("rounds", filter=Q(rounds__reported_at__isnull=False))
    return found.annotate(reported=reported, asked=Count("rounds"))
