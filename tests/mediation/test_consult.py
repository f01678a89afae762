"""组织会诊 (consult): the five questions; members see the case, minutes and conclusion stay (MED-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.models import Notice, Reach
from casework.rules import NotAllowed
from mediation.actions import joint
from mediation.models import Consultation
from organisations import clock
from tests.factories import disputes
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db


class TestConsult(FiveOfDispute):
    code, made, wrong, doer, state = "consult", "accepted", "declined", "village_cadre", "dispute_accepted"

    def typed(self, county, dispute):
        return {
            "held_at": f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}",
            "place": "阜山片区站",
            "member_ids": [county.people["village_cadre"].id, county.people["mediator"].id],
            "outside": "陈老支书、王律师",
            "minutes": "各成员介绍双方情况，认为症结在排水。",
            "conclusion": "先疏通排水，再由陈老支书做陈德旺的工作。",
        }

    def after(self, county, dispute):
        row = Consultation.objects.get(dispute=dispute)
        assert sorted(row.members) == ["孙村（九曲村）", "王律师", "田和（阜山镇）", "陈老支书"]
        assert Reach.objects.filter(case=dispute.case, reader=-county.people["mediator"].id).exists()
        assert Notice.objects.filter(kind="dispute.consult", to_user=county.people["mediator"]).count() == 1


@pytest.mark.parametrize(("changes", "code"), [({"member_ids": []}, "too_few"), ({"held_at": 1}, "future")])
def test_at_least_two_and_not_in_the_future(county, changes, code):
    number = disputes.accepted(county).case.number
    facts = {"held_at": 0, "place": "村委会", "member_ids": [county.people["village_cadre"].id, county.people["mediator"].id], **changes}
    facts["held_at"] = clock.now() + timedelta(hours=facts["held_at"])
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code):
        joint.consult(number, **facts, minutes="记录", conclusion="结论", by=county.scope("village_cadre"))


def test_the_head_of_the_area_station_convenes(county, sign_in):
    number = disputes.accepted(county).case.number
    assert "?act=consult#act" in sign_in("overseer").get(f"/mediation/{number}/").content.decode()
