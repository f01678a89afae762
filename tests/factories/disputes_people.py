"""Who could mediate: members of the corps known to the two of 九曲村, a village's 3+N team. The keepers are those of disputes.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework.models import Party
from mediation.actions import people
from mediation.matching import actions as acts
from mediation.models import Dispute, Mediator, TeamSeat, Tie
from organisations import clock
from tests.factories import disputes, disputes_corps
from tests.factories.county import County


def tie(county: County, dispute: Dispute, member: Mediator, party: str, kind: str, *, by: str = "village_cadre") -> Tie:
    """What is between a member of the corps and a party of the dispute."""
    found = Party.objects.get(case=dispute.case, name=party)
    until = clock.today() + timedelta(days=365)
    return acts.enter_tie(acts.TieInput(member.pk, kind, "committee", until, party=found), by=county.scope(by))


def uncle(county: County, dispute: Dispute, name: str = "陈德福", **changes: Any) -> Mediator:
    """Kin of both sides and trusted by both."""
    member = disputes_corps.member(county, name, "fushan", **changes)
    for party in ("陈桂兰", "陈德旺"):
        tie(county, dispute, member, party, "kin")
        tie(county, dispute, member, party, "trust")
    return member


def team(county: County) -> list[TeamSeat]:
    """九曲村's three: adviser, justice office, worthy."""
    three = (
        ("adviser", disputes_corps.adviser(county, "周律")),
        ("justice", disputes_corps.member(county, "丁司", "fushan", kind=Mediator.Kind.JUSTICE)),
        ("worthy", disputes_corps.worthy(county, "孙老先生")),
    )
    return [acts.seat(county.areas["jiuqu"].id, part=part, mediator_id=row.pk, by=county.scope("village_cadre")) for part, row in three]


def proposed(county: County) -> Dispute:
    """Accepted by the village, with somebody known to both sides in the corps."""
    dispute = disputes.accepted(county)
    uncle(county, dispute)
    return dispute


def with_team(county: County) -> Dispute:
    """Accepted by the village, which has a team; not yet called in."""
    team(county)
    return disputes.accepted(county)


def teamed(county: County) -> Dispute:
    seats = team(county)
    number = disputes.accepted(county).case.number
    return people.form_team(number, seat_ids=[seat.pk for seat in seats], by=county.scope("village_cadre"))
