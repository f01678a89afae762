"""安排信调员 (assign): the five questions; 亲情, 感情, 真情 with the reason, and never a party (MED-5)."""

from __future__ import annotations

import pytest

from casework.models import Notice, Reach
from casework.rules import NotAllowed
from mediation.actions import joint
from mediation.models import Assignment
from tests.factories import disputes
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db
REASON = "与陈德旺是多年邻居，两家常来往，他听得进。"


class TestAssign(FiveOfDispute):
    code, made, wrong, doer, state = "assign", "accepted", "declined", "village_cadre", "dispute_accepted"

    def typed(self, county, dispute):
        return {"to_user_id": county.people["mediator"].id, "letter": "b", "relation": "2", "reason": REASON}

    def after(self, county, dispute):
        row = Assignment.objects.get(dispute=dispute)
        assert (row.person, row.letter, row.relation, row.reason) == (county.people["mediator"], "b", "2", REASON)
        assert Reach.objects.filter(case=dispute.case, reader=-county.people["mediator"].id).exists()
        assert Notice.objects.filter(kind="dispute.assign", to_user=county.people["mediator"]).count() == 1


@pytest.mark.parametrize(("changes", "code"), [({"reason": "认识"}, "words_needed"), ({"to_user_id": 0}, "not_in_office")])
def test_who_and_why(county, changes, code):
    number = disputes.accepted(county).case.number
    facts = {"to_user_id": county.people["mediator"].id, "relation": "1", "letter": "a", "reason": REASON, **changes}
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code):
        joint.assign(number, **facts, by=county.scope("village_cadre"))


def test_a_party_is_not_sent_to_itself(county):
    number = disputes.accepted(county, people=[disputes.person("陈桂兰", "a"), disputes.person("田和", "b")]).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "party"):
        joint.assign(number, to_user_id=county.people["mediator"].id, relation="1", letter="b", reason=REASON, by=county.scope("village_cadre"))


def test_only_the_sides_there_are_can_be_worked_with(county, sign_in):
    number = disputes.accepted(county).case.number
    page = sign_in("village_cadre").get(f"/mediation/{number}/?act=assign").content.decode()
    assert "乙方 " in page
    assert "丙方</option>" not in page
    with pytest.raises(NotAllowed, check=lambda refusal: (refusal.code, refusal.status) == ("no_side", 422)):
        joint.assign(number, to_user_id=county.people["mediator"].id, relation="1", letter="c", reason=REASON, by=county.scope("village_cadre"))
