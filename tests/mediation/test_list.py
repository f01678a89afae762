"""The list of disputes: its own tabs and name, every dispute in scope, none of the petitions; the list of everything keeps both."""

from __future__ import annotations

import pytest

from tests.factories import disputes, petitions


@pytest.mark.django_db
def test_disputes_have_a_list_with_tabs_of_their_own(county, sign_in):
    dispute, petition = disputes.accepted(county).case.number, petitions.registered(county).case.number
    client = sign_in("office")
    answer = client.get("/cases/?topic=TJ")
    own = answer.content.decode()
    assert dispute in own
    assert f"/petitions/{petition}/" not in own
    assert "<h1>矛盾纠纷</h1>" in own
    tabs = {view["label"]: view["url"] for view in answer.context["views"]}
    assert "调解中" in tabs
    assert "待回访" not in tabs
    assert all("topic=TJ" in url for url in tabs.values())
    answer = client.get("/cases/?status=all")
    everything = answer.content.decode()
    assert dispute in everything
    assert f"/petitions/{petition}/" in everything
    assert "纠纷待受理" not in {view["label"] for view in answer.context["views"]}


@pytest.mark.django_db
def test_only_the_type_asked_for(county, sign_in):
    dispute = disputes.accepted(county).case.number
    client = sign_in("office")
    assert dispute in client.get("/cases/?topic=TJ03").content.decode()
    assert dispute not in client.get("/cases/?topic=TJ07").content.decode()
    assert "分类：房屋、宅基地纠纷" in client.get("/cases/?topic=TJ03").content.decode()


@pytest.mark.django_db
def test_an_outsider_sees_none_and_finds_none(county, sign_in):
    dispute = disputes.accepted(county).case.number
    client = sign_in("other_handler")
    assert dispute not in client.get("/cases/?topic=TJ&status=all").content.decode()
    assert dispute not in client.get("/search/?q=陈德旺").content.decode()
    assert dispute in sign_in("town_handler").get("/search/?q=陈德旺").content.decode()
