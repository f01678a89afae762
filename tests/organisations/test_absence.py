"""请假与代理: every act of the substitute is «B 代 A», with the authority it rests on (opening 29)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from casework.models import Case, Entry
from organisations import clock
from organisations.actions import accounts
from organisations.models import Absence, AccessEntry
from petitions import actions
from tests.factories.county import County
from tests.factories.petitions import registered, signed

URL = "/absence/"


def away(county: County, person: str = "handler", substitute: str = "handler2", days: int = 5, **more: object) -> dict[str, object]:
    return {
        "person": county.people[person].id,
        "substitute": county.people[substitute].id,
        "from_on": str(clock.today()),
        "until_on": str(clock.today() + timedelta(days=days)),
        "authority": "公休假审批单，局长批准",
        **more,
    }


def test_a_person_enters_it_and_the_contact_book_shows_it(county: County, sign_in) -> None:
    client = sign_in("handler")
    assert client.post(URL, away(county)).status_code == 302
    until = clock.today() + timedelta(days=5)
    shown = f"代办：宋涛 至 {until.month}月{until.day}日" if until.year == clock.today().year else "代办：宋涛 至"
    assert shown in sign_in("clerk").get(f"/contacts/?unit={county.units['land'].id}").content.decode()
    row = AccessEntry.objects.get(event="absence")
    assert row.object_label == "宋涛 代 王海涛"
    assert client.post(URL, away(county)).status_code == 422
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"substitute": "self"}, None),
        ({"substitute": "water_handler"}, None),
        ({"days": -1}, "结束日期"),
        ({"days": 400}, "最长"),
    ],
)
def test_what_is_refused(county: County, sign_in, changes: dict[str, object], words: str | None) -> None:
    person = changes.pop("substitute", "handler2")
    given = away(county, substitute="handler" if person == "self" else str(person), **changes)  # type: ignore[arg-type]
    answer = sign_in("handler").post(URL, given)
    assert answer.status_code == 422
    assert words is None or words in answer.content.decode()
    assert not Absence.objects.exists()


def test_not_in_the_past_and_not_to_somebody_away(county: County, sign_in) -> None:
    past = away(county, from_on=str(date(2020, 1, 1)))
    assert "不能早于今天" in sign_in("handler").post(URL, past).content.decode()
    sign_in("handler2").post(URL, away(county, "handler2", "head"))
    assert "也请假" in sign_in("handler").post(URL, away(county)).content.decode()


def test_a_head_enters_for_the_staff_and_nobody_for_strangers(county: County, sign_in) -> None:
    assert sign_in("head").post(URL, away(county)).status_code == 302
    assert Absence.objects.get().entered_by_id == county.people["head"].id
    for stranger in ("clerk", "labour_head", "handler2"):
        given = away(county, "water_handler", "handler2")
        assert sign_in(stranger).post(URL, given).status_code == 422
    assert Absence.objects.count() == 1


def test_it_ends_early_and_only_once(county: County, sign_in) -> None:
    client = sign_in("handler")
    client.post(URL, away(county))
    absence = Absence.objects.get()
    assert sign_in("clerk").post(f"{URL}{absence.id}/end/").status_code == 404
    assert client.post(f"{URL}{absence.id}/end/").status_code == 302
    assert all(standing.on_behalf_of_id is None for standing in county.scope("handler2").standings)
    assert client.post(f"{URL}{absence.id}/end/").status_code == 409
    assert AccessEntry.objects.filter(event="absence").count() == 2


@pytest.mark.parametrize("closed", ["handler", "handler2"])
def test_it_ends_with_the_account_of_either(county: County, sign_in, closed: str) -> None:
    sign_in("handler").post(URL, away(county))
    assert any(standing.on_behalf_of_id for standing in county.scope("handler2").standings)
    accounts.deactivate(county.people[closed].id, ground="调离", by=county.scope("system_admin"))
    assert not any(standing.on_behalf_of_id for standing in county.scope("handler2").standings)
    assert AccessEntry.objects.filter(event="absence", object_label="宋涛 代 王海涛", ground__contains="账号停用").count() == 1


def test_an_administrator_has_no_business_substitute(county: County, sign_in) -> None:
    client: Client = sign_in("system_admin")
    assert client.get(URL).status_code == 404
    assert client.post(URL, away(county)).status_code == 404


def test_the_security_administrator_sees_them_all(county: County, sign_in) -> None:
    sign_in("handler").post(URL, away(county))
    assert "公休假审批单" in sign_in("security_admin").get("/posts/absences/").content.decode()


def test_the_entry_names_both_and_the_authority(county: County, sign_in) -> None:
    sign_in("office").post(URL, away(county, "office", "clerk2"))
    absence = Absence.objects.get()
    number = routed_by_substitute(county)
    entry = Entry.objects.get(case__number=number, act="petition.route")
    assert entry.by_id == county.people["clerk2"].id
    assert (entry.on_behalf_of_id, entry.absence_id) == (county.people["office"].id, absence.id)
    with clock.at(clock.now() + timedelta(days=6)):
        assert county.scope("clerk2").holds({"office"}) is None


def test_a_colleague_of_the_same_post_signs_the_absent_handlers_matters_in_that_name(county: County, sign_in) -> None:
    his, own = signed(county).case, signed(county).case
    Case.objects.filter(pk=own.pk).update(handler=county.people["handler2"])
    sign_in("handler").post(URL, away(county))
    said = "这一步以“宋涛 代 王海涛”的名义办理。"
    pages = {case.number: sign_in("handler2").get(f"/petitions/{case.number}/?act=note").content.decode() for case in (his, own)}
    assert [said in pages[his.number], said in pages[own.number]] == [True, False]
    for number in (his.number, own.number):
        actions.note(number, text="已电话联系。", by=county.scope("handler2"))
    names = dict(Entry.objects.filter(act="petition.note").values_list("case__number", "on_behalf_of__name"))
    assert names == {his.number: "王海涛", own.number: None}


def routed_by_substitute(county: County) -> str:
    petition = registered(county)
    done = actions.route(
        petition.case.number,
        mode="CNB",
        to_unit_id=county.units["land"].id,
        words="请依法办理。",
        promised_on=clock.today() + timedelta(days=20),
        by=county.scope("clerk2"),
    )
    return done.case.number
