"""How the house is: when each sweep last ran, what waits to be sent and to be made, whether next year's calendar is there.

The same facts serve the administrator's page and /healthz; they hold no word of any matter, no address and no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q

from casework import almanac, gateway, limits, sweeps
from casework.models import Document, Outgoing, Seal, SweepRun
from casework.outbox import still_of_use
from organisations import clock

#: Dead letters shown on the page.
MOST_DEAD = 50


@dataclass(frozen=True, slots=True)
class SweepState:
    label: str
    name: str
    run: SweepRun | None
    age: float | None
    is_late: bool
    has_failed: bool


@dataclass(frozen=True, slots=True)
class Channel:
    code: str
    label: str
    is_configured: bool
    waiting: int
    tried: int
    oldest: datetime | None
    dead: int


@dataclass(frozen=True, slots=True)
class Health:
    """`is_well` is what a monitor asks: everything that should run has run, nothing is dead, nothing waits too long."""

    sweeps: list[SweepState]
    channels: list[Channel]
    papers_waiting: int
    papers_failed: int
    papers_oldest: datetime | None
    sealed_until: date | None
    lacks_calendar_of: int | None

    @property
    def is_well(self) -> bool:
        return not any(state.is_late or state.has_failed for state in self.sweeps) and not any(channel.dead for channel in self.channels)


def of(now: datetime, today: date) -> Health:
    """The whole of it. Six statements."""
    papers = Document.objects.filter(rendered_at=None).aggregate(
        waiting=Count("pk"), failed=Count("pk", filter=Q(failed_at__isnull=False)), oldest=Min("issued_at")
    )
    return Health(
        sweeps=sweep_states(now),
        channels=channels(),
        papers_waiting=papers["waiting"],
        papers_failed=papers["failed"],
        papers_oldest=papers["oldest"],
        sealed_until=Seal.objects.aggregate(last=Max("day"))["last"],
        lacks_calendar_of=almanac.missing_year(limits.current().calendar, today),
    )


def sweep_states(now: datetime) -> list[SweepState]:
    """Every sweep with its last run; late when it has not gone through for longer than it should."""
    runs = {run.name: run for run in SweepRun.objects.all()}
    states = []
    for sweep in sweeps.every():
        run = runs.get(sweep.name)
        age = sweeps.age(run, now)
        has_failed = bool(run and run.failed_at and (run.ended_at is None or run.failed_at > run.ended_at))
        # In a house just set up the nightly ones have not had their night yet.
        is_late = age > sweep.late_after if age is not None else sweep.late_after < sweeps.once_a_day(24)
        states.append(SweepState(sweep.label, sweep.name, run, age, is_late, has_failed))
    return states


def channels() -> list[Channel]:
    """What waits and what is dead, by way out. Two statements, each over an index of its own."""
    waiting = {
        row["channel"]: row
        for row in Outgoing.objects.filter(sent_at=None, dead_at=None)
        .values("channel")
        .annotate(waiting=Count("pk"), tried=Count("pk", filter=~Q(last_error="")), oldest=Min("created_at"))
    }
    dead = dict(Outgoing.objects.filter(dead_at__isnull=False).values_list("channel").annotate(Count("pk")))
    none: dict[str, Any] = {"waiting": 0, "tried": 0, "oldest": None}
    return [
        Channel(
            code=channel.value,
            label=channel.label,
            is_configured=gateway.has(channel),
            waiting=waiting.get(channel.value, none)["waiting"],
            tried=waiting.get(channel.value, none)["tried"],
            oldest=waiting.get(channel.value, none)["oldest"],
            dead=dead.get(channel.value, 0),
        )
        for channel in Outgoing.Channel
    ]


def dead_letters() -> list[Outgoing]:
    """Messages that were given up, newest first: channel, when, how often tried and the last error. Not to whom and not what.

    `can_go` says whether trying again is still of use.
    """
    return list(
        Outgoing.objects.filter(dead_at__isnull=False)
        .only("channel", "created_at", "attempts", "last_error", "dead_at")
        .annotate(can_go=ExpressionWrapper(still_of_use(clock.now()), BooleanField()))
        .order_by("-dead_at")[:MOST_DEAD]
    )


def struggling() -> list[Outgoing]:
    """Messages that failed at least once and will be tried again."""
    return list(
        Outgoing.objects.filter(sent_at=None, dead_at=None)
        .exclude(last_error="")
        .only("channel", "created_at", "attempts", "last_error", "not_before")
        .order_by("not_before")[:MOST_DEAD]
    )
