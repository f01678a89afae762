"""A few of the demo's petitions that are quarrels between neighbours go to mediation, by whoever holds them, on the last day."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.models import Entry
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import Post, Unit, User
from organisations.roles import Role
from organisations.scope import scope_of
from petitions.actions import referring
from petitions.models import Petition
from petitions.rules import State
from petitions.rules.referring import MEDIABLE

#: How many are sent, and how long before the last moment the first one is.
MOST, BEFORE = 3, timedelta(minutes=20)
#: The other side, where the registration names none.
NEIGHBOUR = "邻居于某"


def write(horizon: datetime) -> list[str]:
    """Send them; what was refused comes back in words: none is expected."""
    refused = []
    moment = horizon - BEFORE
    for no, petition in enumerate(_fitting(moment)[:MOST]):
        at = moment + timedelta(minutes=no)
        try:
            _send(petition, at)
        except NotAllowed as refusal:
            refused.append(f"转调解 {petition.case.number}：{refusal}")
    return refused


def _fitting(moment: datetime) -> list[Petition]:
    """Open ones of villages whose room is staffed, quiet before that moment, by their numbers."""
    rooms = Post.objects.current(moment.date()).filter(role=Role.VILLAGE_CADRE, unit__kind=Unit.Kind.ROOM).values("unit__area")
    busy = Entry.objects.filter(at__gte=moment).values("case")
    found = Petition.objects.filter(
        case__state__in=(State.ACCEPTED, State.REGISTERED), case__area__in=rooms, purpose__in=MEDIABLE, is_anonymous=False
    )
    return list(found.exclude(case__in=busy).filter(case__confidential=False).select_related("case").order_by("case__number"))


def _send(petition: Petition, at: datetime) -> None:
    role = Role.OFFICE if petition.case.state == State.REGISTERED else Role.HANDLER
    post = Post.objects.current(at.date()).filter(unit=petition.case.unit_id, role=role, user__is_active=True).order_by("user__username").first()
    if post is None:
        return
    with clock.at(at):
        referring.refer(
            petition.case.number,
            sort="02",
            opponent=petition.respondent_name or NEIGHBOUR,
            is_organisation=False,
            is_agreed=True,
            reason="属于邻里之间的纠纷，信访人同意先行调解。",
            by=scope_of(User.objects.get(pk=post.user_id), at.date()),
        )
