"""Disputes that come from another kind of case of the house (architecture §8; L-MED-24: 信访部门委托移送)."""

from __future__ import annotations

from dataclasses import replace

from casework import parties
from casework.kinds import Referral
from casework.models import Case, Party
from casework.parties import PartyFacts
from casework.rules import NotAllowed
from mediation.actions.court import refer_court
from mediation.actions.intake import Intake, SidePerson, register
from mediation.queries.court import court_unit_id
from organisations import clock
from organisations.models import User
from organisations.scope import scope_of

#: 信访部门委托移送.
SOURCE = "34"
#: The desk of HALL-17, as a sender names it: from the centre straight before the court.
COURT_DESK = "court"
#: On which side of the dispute who is on the case stands; whoever is not here stands with the first side as its agent.
SIDES = {
    Party.Position.PETITIONER: "a",
    Party.Position.REPRESENTATIVE: "a",
    Party.Position.APPLICANT: "a",
    Party.Position.RESPONDENT: "b",
    Party.Position.OPPONENT: "b",
    Party.Position.THIRD: "c",
}
#: The lists' band of five and more (条例: 集体) is a group dispute.
GROUP_FROM, GROUP_SCALE, SINGLE_SCALE = 5, "02", "01"


def receive(referral: Referral) -> int:
    """Register the dispute with the body of its place; the sender's clerk is the registrar. Returns the case's id. Raises NotAllowed."""
    by = scope_of(User.objects.get(pk=referral.by_id), clock.today())
    people = [_side(party) for party in Party.objects.filter(pk__in=referral.party_ids).order_by("no")]
    if referral.against:
        facts = PartyFacts(position="", name=referral.against, is_organisation=referral.is_against_organisation)
        people.append(SidePerson("b", facts))
    source = Case.objects.get(pk=referral.source_id)
    dispute = register(
        Intake(
            title=referral.title,
            story=referral.story,
            type_code=referral.sort,
            area_id=referral.area_id,
            received_on=clock.today(),
            people=people,
            source=SOURCE,
            scale=GROUP_SCALE if source.headcount >= GROUP_FROM else SINGLE_SCALE,
            demand="\n".join(f"{no}．{text}" for no, text in enumerate(referral.points, start=1)),
            people_count=max(2, source.headcount + 1),
            urgency=source.urgency,
            extra={"other": source.number},
            at_own_level=referral.desk == COURT_DESK,
        ),
        by=by,
    )
    if referral.desk == COURT_DESK:
        to_unit_id = court_unit_id()
        if to_unit_id is None:
            raise NotAllowed("系统里没有人民法院这个单位，请先转调解组织。", code="no_court", status=422)
        refer_court(dispute.case.number, to_unit_id=to_unit_id, is_wanted=True, reason=referral.reason, by=by)
    return dispute.pk


def _side(party: Party) -> SidePerson:
    facts = replace(parties.facts_of(party), position="")
    is_agent = party.position not in SIDES
    return SidePerson(
        SIDES.get(Party.Position(party.position), "a"),
        facts,
        is_agent=is_agent,
        is_representative=party.position == Party.Position.REPRESENTATIVE,
    )
