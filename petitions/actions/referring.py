"""Between petitions and other kinds of case: sent to mediation, taken in, returned (architecture §8)."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from casework import cases, deadlines, parties, referrals
from casework.kinds import Referral
from casework.models import Case, Party
from casework.referrals import Matter
from casework.rules import Outcome
from organisations import clock
from organisations.models import User
from organisations.scope import Scope, scope_of
from petitions.actions import act as beats
from petitions.actions.intake import Intake, register
from petitions.models import Petition, Point
from petitions.rules.referring import check_refer

#: 部门移交 and 求决: what another desk of the house hands over, until the office amends it.
CHANNEL, PURPOSE = "710", "02"
#: Who of the other kind stands where in a petition.
POSITIONS: dict[str, str] = {
    Party.Position.APPLICANT: Party.Position.PETITIONER,
    Party.Position.OPPONENT: Party.Position.RESPONDENT,
    Party.Position.THIRD: Party.Position.RESPONDENT,
}


@transaction.atomic
def refer(
    number: str,
    *,
    sort: str,
    opponent: str,
    is_organisation: bool,
    is_agreed: bool,
    reason: str,
    desk: str = "",
    by: Scope,
    version: int | None = None,
) -> Petition:
    """A quarrel between parties goes to the body that mediates; the petition's own limits run on (条例§33, L-PET-63). Raises NotAllowed."""
    act = beats.begin("refer", number, by, version)
    petition = act.petition
    check_refer(petition.purpose, opponent, is_anonymous=petition.is_anonymous, is_agreed=is_agreed)
    matter = Matter(
        story=petition.story,
        points=list(Point.objects.filter(petition=petition).values_list("text", flat=True)),
        sort=sort,
        desk=desk,
        against=opponent.strip(),
        is_against_organisation=is_organisation,
    )
    made = referrals.refer(act.case, matter, to="dispute", reason=reason, by=act.standing, at=act.now)
    return beats.finish(act, text=reason, detail={"other": made.number})


def receive(referral: Referral) -> int:
    """Register what another kind of case refers: its applicant is the petitioner, the other side who is complained about. Returns the case's id.

    Raises NotAllowed.
    """
    today = clock.today()
    by = scope_of(User.objects.get(pk=referral.by_id), today)
    found = Party.objects.filter(pk__in=referral.party_ids)
    people = [replace(parties.facts_of(party), position=POSITIONS.get(party.position, party.position)) for party in found]
    source = Case.objects.get(pk=referral.source_id)
    against = [person for person in people if person.position == Party.Position.RESPONDENT]
    petition = register(
        Intake(
            title=referral.title,
            story=referral.story,
            points=referral.points or [referral.title],
            channel=CHANNEL,
            purpose=PURPOSE,
            topic_code=referral.sort,
            area_id=referral.area_id,
            received_on=today,
            people=[person for person in people if person.position != Party.Position.RESPONDENT],
            source_number=source.number,
            respondent_name=referral.against or "、".join(person.name for person in against)[:60],
            headcount=source.headcount,
        ),
        by=by,
    )
    return petition.pk


@transaction.atomic
def return_referral(number: str, *, reason: str, by: Scope, version: int | None = None) -> Petition:
    """No petition: back to the desk it came from, with the reason; the number stays. Raises NotAllowed."""
    act = beats.begin("return_referral", number, by, version)
    source = referrals.send_back(act.case, reason=reason, by=act.standing, at=act.now)
    deadlines.turn(act.case, on=act.today, drop=["pet.forward"])
    cases.close(act.case, Outcome.VOIDED, act.now)
    return beats.finish(act, text=reason, detail={"other": source.number})
