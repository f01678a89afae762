"""A leader stands in for another leader: the instruction is «B 代 A», on the stated authority (beyond.md opening 29)."""

from datetime import timedelta

import pytest

from casework.models import Entry
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import Absence
from organisations.roles import Role
from petitions import actions
from tests.factories import petitions
from tests.factories.county import make_person, make_post

pytestmark = pytest.mark.django_db


def test_a_leader_instructs_for_the_absent_one_asked(county):
    other = make_person("leader2", "周副县长")
    make_post(other, county.units["centre"], Role.LEADER, by=county.people["security_admin"])
    county.people["leader2"] = other
    number = petitions.registered(county).case.number
    actions.propose(number, leader_id=county.people["leader"].id, words="请批示", by=county.scope("office"))
    with pytest.raises(NotAllowed, match="不是您批示"):
        actions.instruct(number, words="同意", by=county.scope("leader2"))
    absence = Absence.objects.create(
        user=county.people["leader"],
        substitute=other,
        from_on=clock.today(),
        until_on=clock.today() + timedelta(days=3),
        authority="出差审批单",
        entered_by=county.people["leader"],
    )
    actions.instruct(number, words="同意", by=county.scope("leader2"))
    line = Entry.objects.get(act="petition.instruct")
    assert (line.by, line.on_behalf_of, line.absence) == (other, county.people["leader"], absence)
