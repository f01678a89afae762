"""A special round for a key date, place or group is opened by hand for chosen units at or below one's own (MED-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from casework.models import Notice
from casework.rules import NotAllowed
from mediation.models import Campaign, Round
from mediation.screening import actions
from mediation.screening.actions import Call
from organisations import clock
from tests.factories import disputes_screening as screening
from tests.factories.disputes_screening import on
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db


def _call(county, units=("jiuqu", "laochi"), **changes):
    facts = {
        "name": "元旦前欠薪专项排查",
        "occasion": "group",
        "focus": "在建工地、季节性用工",
        "from_on": date(2026, 11, 18),
        "until_on": date(2026, 11, 25),
        "due_on": date(2026, 11, 26),
        "unit_ids": tuple(county.units[unit].id for unit in units),
        "submission": uuid4(),
    }
    return Call(**{**facts, **changes})


def test_chosen_units_get_a_round_beside_their_weekly_one_and_are_told(county):
    with on(18):
        screening.opened(county)
        campaign = actions.open_campaign(_call(county), by=county.scope("office"))
        assert Round.objects.filter(unit=county.units["jiuqu"]).count() == 2
        assert Notice.objects.filter(kind="screening.opened").count() == 2
        row = campaign.rounds.get(unit=county.units["jiuqu"])
        actions.report(row.pk, screening.nothing(), by=county.scope("village_cadre"))
        assert row.title == "元旦前欠薪专项排查"
        # The weekly clock goes on where the weekly rounds ended, whatever special rounds there are.
        assert actions.open_rounds() == 0


def test_a_town_opens_for_its_own_villages_only(county):
    with on(18):
        actions.open_campaign(_call(county), by=county.scope("town_head"))
        with pytest.raises(NotAllowed) as refusal:
            actions.open_campaign(_call(county, units=("dongliang",)), by=county.scope("town_head"))
    assert refusal.value.code == "not_below"


@pytest.mark.parametrize("person", ["town_handler", "village_cadre", "clerk", "leader"])
def test_the_wrong_role_is_refused(county, person):
    with on(18), pytest.raises(NotAllowed) as refusal:
        actions.open_campaign(_call(county), by=county.scope(person))
    assert refusal.value.status == 403
    assert not Campaign.objects.exists()


def test_the_same_form_twice_opens_one(county):
    with on(18):
        call, by = _call(county), county.scope("office")
        assert actions.open_campaign(call, by=by) == actions.open_campaign(call, by=by)
    assert Round.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_opens_one(county):
    call, by = _call(county, due_on=date(2036, 1, 1)), county.scope("office")
    at_once([lambda: actions.open_campaign(call, by=by)] * 2)
    assert Campaign.objects.count() == 1
    assert Round.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit_ids": ()}, "no_units"),
        ({"until_on": date(2026, 11, 1)}, "order"),
        ({"from_on": date(2026, 1, 1), "until_on": date(2026, 1, 2), "due_on": date(2026, 1, 3)}, "past"),
    ],
)
def test_what_cannot_be_is_said(county, changes, code):
    with on(18), pytest.raises(NotAllowed) as refusal:
        actions.open_campaign(_call(county, **changes), by=county.scope("office"))
    assert refusal.value.code == code


def test_the_page(county, sign_in):
    page = sign_in("office")
    assert sign_in("village_cadre").get("/mediation/screening/special/").status_code == 403
    assert "九曲村" in page.get("/mediation/screening/special/").content.decode()
    facts = {
        "name": "两会专项排查",
        "occasion": "date",
        "focus": "重点人员",
        "from_on": "2036-03-01",
        "until_on": "2036-03-05",
        "due_on": "2036-03-06",
    }
    missing = page.post("/mediation/screening/special/", {**facts, "submission": str(uuid4())})
    assert missing.status_code == 422
    assert "请选择要排查的单位" in missing.content.decode()
    made = page.post("/mediation/screening/special/", {**facts, "units": [county.units["jiuqu"].id], "submission": str(uuid4())})
    assert made.status_code == 302
    assert Round.objects.get().title == "两会专项排查"
    page.post("/mediation/screening/special/", {**facts, "wholes": ["room"], "submission": str(uuid4())})
    assert Round.objects.filter(campaign=Campaign.objects.latest("id")).count() == 3


def test_a_special_round_is_taken_back_and_what_was_reported_stays(county, sign_in):
    with on(18):
        campaign = actions.open_campaign(_call(county), by=county.scope("office"))
        actions.report(campaign.rounds.get(unit=county.units["jiuqu"]).pk, screening.nothing(), by=county.scope("village_cadre"))
        client, address = sign_in("office"), f"/mediation/screening/special/{campaign.pk}/withdraw/"
        assert "撤回“元旦前欠薪专项排查”" in client.get("/mediation/screening/special/").content.decode()
        client.post(address, {"because": ""})
        assert Campaign.objects.get().withdrawn_at is None
        page = client.post(address, {"because": "与日常排查重复。"}, follow=True).content.decode()
        assert "与日常排查重复。" in page
        assert list(Round.objects.filter(campaign=campaign).values_list("unit__short_name", flat=True)) == ["九曲村"]
        told = Notice.objects.get(kind="screening.taken_back")
        assert (told.to_unit, "与日常排查重复" in told.text) == (county.units["laochi"], True)
        with pytest.raises(NotAllowed, match="已经撤回"):
            actions.withdraw_campaign(campaign.pk, because="再来一次", by=county.scope("office"))


def test_only_in_whose_name_it_was_opened(county, sign_in):
    with on(18):
        campaign = actions.open_campaign(_call(county), by=county.scope("office"))
        address = f"/mediation/screening/special/{campaign.pk}/withdraw/"
        assert sign_in("town_head").post(address, {"because": "不用了"}).status_code == 404
        assert sign_in("village_cadre").post(address, {"because": "不用了"}).status_code == 404
        assert sign_in("auditor").post(address, {"because": "不用了"}).status_code == 404
    assert Campaign.objects.get().withdrawn_at is None


@pytest.mark.django_db(transaction=True)
def test_a_report_at_the_moment_of_the_taking_back_is_kept_or_refused_but_never_lost(county):
    campaign = actions.open_campaign(_call(county, from_on=clock.today(), until_on=clock.today(), due_on=date(2036, 1, 1)), by=county.scope("office"))
    row, cadre, office = campaign.rounds.get(unit=county.units["jiuqu"]), county.scope("village_cadre"), county.scope("office")
    facts = replace(screening.nothing(), visited_on=clock.today(), visited_at=None)

    def report():
        try:
            return actions.report(row.pk, facts, by=cadre)
        except Round.DoesNotExist:
            return None

    reported, _ = at_once([report, lambda: actions.withdraw_campaign(campaign.pk, because="不用了，重复布置。", by=office)])
    left = list(Round.objects.filter(campaign=campaign))
    assert [held.pk for held in left] == ([row.pk] if reported is not None else [])
    assert all(held.reported_at for held in left)
