"""What a person still has open among disputes and in the online room, and what lies with a unit, for who leaves (organisations.handover; HALL-14)."""

from __future__ import annotations

from collections import Counter

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from casework.models import Case
from casework.rules import who
from mediation.actions import people
from mediation.chamber import actions as chamber
from mediation.chamber import queries as room
from mediation.chamber import rules as chamber_rules
from mediation.models import Conversation, Dispute, Finding, Mediating, Round
from mediation.queries import naming
from mediation.queries.acts import place_of
from mediation.rules import KIND, STATE_LABELS, STEPS
from mediation.rules.actors import KEEPERS
from mediation.screening.rules import REPORTING
from organisations import clock
from organisations.handover import OpenItem, Source
from organisations.scope import Scope

# -- disputes: who leads, joins, was sent to a side; the talk that is planned and the visit that is due hang on them --------------------------


def count(user_id: int) -> dict[int, int]:
    """By the unit the person mediates from, else the one that answers for the dispute. Numbers only."""
    cases = dict(naming.naming(user_id).values_list("pk", "unit_id"))
    from_unit = Mediating.objects.filter(dispute__in=cases, user=user_id, until_on=None).exclude(unit=None)
    return dict(Counter({**cases, **dict(from_unit.values_list("dispute_id", "unit_id"))}.values()))


def count_unit(unit_id: int) -> int:
    """Disputes the unit answers for, and those that wait for it to take them or to report."""
    waiting = Q(pk__in=Dispute.objects.filter(hand_overs__to_unit=unit_id, hand_overs__answer="").values("pk"))
    sent = Dispute.objects.filter(body_referrals__to_unit=unit_id, body_referrals__result="", body_referrals__answer__in=("", "taken"))
    court = Dispute.objects.filter(court_matters__unit=unit_id, court_matters__result="")
    rows = Case.objects.open().filter(kind=KIND.code)
    return rows.filter(Q(unit=unit_id) | waiting | Q(pk__in=sent.values("pk")) | Q(pk__in=court.values("pk"))).count()


def open_items(user_id: int, scope: Scope) -> list[OpenItem]:
    """Those which the asking one sees and may hand over; a planned talk is told with its hour."""
    step = STEPS["hand_over"]
    seen = Dispute.objects.visible_to(scope).filter(case__in=naming.naming(user_id))
    rows = seen.select_related("case").prefetch_related("sessions").order_by(F("case__due_on").asc(nulls_last=True), "case__number")
    return [
        OpenItem(
            source=KIND.code,
            number=row.case.number,
            title=row.case.title,
            unit_id=row.case.unit_id,
            state=STATE_LABELS[row.case.state] + _planned(row),
            url=reverse(KIND.detail_url, args=[row.case.number]),
        )
        for row in rows
        if row.case.state in step.frm and who(step, place_of(row.case, with_tasks=False), scope) is not None
    ]


def _planned(row: Dispute) -> str:
    found = next((one.planned_at for one in row.sessions.all() if one.state == one.State.PLANNED and one.planned_at), None)
    return f"，约定{timezone.localtime(found):%m-%d %H:%M}调解" if found else ""


def transfer(number: str, from_user_id: int, to_user_id: int, words: str, by: Scope) -> None:
    people.hand_over(number, from_user_id=from_user_id, to_user_id=to_user_id, words=words, by=by)


SOURCE = Source(code=KIND.code, label=KIND.label, count=count, count_unit=count_unit, list=open_items, transfer=transfer, receivers=KEEPERS)


# -- the online room: somebody was asked by name, an hour may be booked with them ------------------------------------------------------------


def _asked(user_id: int) -> Q:
    return Q(invited__mediator__user=user_id, invited__declined_at=None, state__in=chamber_rules.OPEN)


def count_asked(user_id: int) -> dict[int, int]:
    return dict(Counter(Conversation.objects.filter(_asked(user_id)).values_list("invited__mediator__unit", flat=True)))


def count_room(unit_id: int) -> int:
    return Conversation.objects.filter(unit=unit_id, state__in=chamber_rules.OPEN).count()


def asked_items(user_id: int, scope: Scope) -> list[OpenItem]:
    rows = room.visible(scope).filter(pk__in=Conversation.objects.filter(_asked(user_id)).values("pk")).order_by("opened_at")
    return [
        OpenItem(
            "chamber",
            row.number,
            f"{row.name}：{row.what[:40]}",
            row.unit_id,
            row.get_state_display(),
            reverse("mediation:room-one", args=[row.number]),
        )
        for row in rows
        if chamber.may_pass_on(row, user_id, scope)
    ]


CHAMBER = Source(
    code="chamber",
    label="掌上调解室",
    count=count_asked,
    count_unit=count_room,
    list=asked_items,
    transfer=chamber.pass_on,
    receivers=KEEPERS,
)


# -- sweeps: a unit's round to report and what it found and did not settle; no round names a person ------------------------------------------


def count_rounds(unit_id: int) -> int:
    """Rounds still in time, and findings nobody has dealt with. A missed round is told and kept; it holds nobody for ever."""
    due = Round.objects.filter(unit=unit_id, reported_at=None, due_on__gte=clock.today(), from_on__lte=clock.today())
    return due.count() + Finding.objects.filter(round__unit=unit_id, ending="").count()


SCREENING = Source(code="screening", label="矛盾纠纷排查", count_unit=count_rounds, receivers=REPORTING)
