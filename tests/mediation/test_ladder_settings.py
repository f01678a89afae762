"""The ladder as a county setting: a new version holds from its day on, for what reaches the step then (MED-2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediation.actions import ladder as acts
from mediation.models import LadderStep, Rung
from mediation.queries import ladder
from organisations import clock
from organisations.models import AccessEntry
from tests.factories import disputes


def typed(**changes: str) -> dict[str, str]:
    day = (clock.today() + timedelta(days=3)).isoformat()
    return {"name": "村民议事会", "body": "11", "chair": "村主任", "record": "议事会记录", "valid_from": day, "reason": "本县方案", **changes}


@pytest.mark.django_db
def test_a_new_version_holds_from_its_day_on(county, sign_in):
    client = sign_in("system_admin")
    assert "村民代表会议" in client.get("/mediation/ladder/").content.decode()
    assert client.post("/mediation/ladder/2/", typed()).status_code == 302
    assert ladder.bodies(clock.today())[2].name == "村民代表会议"
    assert ladder.bodies(clock.today() + timedelta(days=3))[2].name == "村民议事会"
    assert AccessEntry.objects.filter(event="policy", object_type="ladder_step", object_id="2").count() == 1
    number = disputes.failed(county).case.number
    with clock.at(clock.now() + timedelta(days=4)):
        acts.offer(number, reason="请评议。", by=county.scope("village_cadre"))
        acts.take(number, by=county.scope("village_cadre"))
    assert Rung.objects.get(dispute__case__number=number, step=2).name == "村民议事会"


@pytest.mark.django_db
def test_not_for_the_past_nor_twice_for_a_day_nor_unchanged(county, sign_in):
    client = sign_in("system_admin")
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert client.post("/mediation/ladder/2/", typed(valid_from=yesterday)).status_code == 422
    assert client.post("/mediation/ladder/2/", typed()).status_code == 302
    assert client.post("/mediation/ladder/2/", typed(name="又一个")).status_code == 422
    body = ladder.bodies(clock.today())[3]
    same = typed(name=body.name, body=body.body, chair=body.chair, record=body.record)
    assert client.post("/mediation/ladder/3/", same).status_code == 422
    assert LadderStep.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["office", "security_admin", "auditor"])
def test_there_is_no_such_page_for_others(county, sign_in, person):
    assert sign_in(person).get("/mediation/ladder/").status_code == 404
    assert sign_in(person).post("/mediation/ladder/2/", typed()).status_code == 404
