"""Bulk acts: a preview that says what cannot be done, the same action for every row, a result for each."""

import pytest
from django.urls import reverse

from casework.models import Case, Document, Entry, Follow
from casework.queries import lists
from organisations import clock
from petitions import actions
from tests.factories import disputes, petitions

pytestmark = pytest.mark.django_db


def frozen(page: str) -> str:
    return page.split('name="frozen" value="')[1].split('"')[0]


def preview(client, act, numbers):
    return client.post(reverse("petitions:bulk", args=[act]), {"number": numbers, "list": "status=open"})


def test_route_many_with_a_result_per_row(county, sign_in):
    good = [petitions.registered(county).case.number for _ in range(2)]
    bad = petitions.routed(county).case.number
    client = sign_in("office")
    page = preview(client, "route", [*good, bad]).content.decode()
    assert "2 件可以办" in page
    assert "不能“分流转办”" in page
    response = client.post(
        reverse("petitions:bulk", args=["route"]),
        {"frozen": frozen(page), "confirm": "1", "to_unit_id": county.units["land"].id, "mode": "LJB", "words": "请办理", "list": "status=open"},
    )
    text = response.content.decode()
    assert "办成 2 件，没有办成 1 件" in text
    assert text.count("待签收") >= 3, "each stands there as it is now"
    assert "待分流" not in text.split("<tbody>")[1].split("</tbody>")[0]
    assert set(Case.objects.filter(number__in=good).values_list("state", "unit_id")) == {("routed", county.units["land"].id)}
    assert Entry.objects.filter(case__number__in=good, act="petition.route").count() == 2


def test_a_row_changed_since_the_preview_is_told_and_the_rest_goes_on(county, sign_in):
    first, second = (petitions.registered(county).case.number for _ in range(2))
    client = sign_in("office")
    page = preview(client, "route", [first, second]).content.decode()
    actions.note(first, text="刚来过电话", by=county.scope("clerk"))
    text = client.post(
        reverse("petitions:bulk", args=["route"]),
        {"frozen": frozen(page), "confirm": "1", "to_unit_id": county.units["land"].id, "mode": "LJB", "words": "请办理"},
    ).content.decode()
    assert "办成 1 件，没有办成 1 件" in text
    assert "刚被其他同事更新" in text
    assert Case.objects.get(number=first).state == "registered"
    assert Case.objects.get(number=second).state == "routed"


def test_missing_words_keep_the_choice_and_say_so(county, sign_in):
    number = petitions.registered(county).case.number
    client = sign_in("office")
    page = preview(client, "urge", [number]).content.decode()
    response = client.post(reverse("petitions:bulk", args=["urge"]), {"frozen": frozen(page), "confirm": "1", "words": ""})
    assert response.status_code == 422
    assert number in response.content.decode()


def test_a_promise_without_its_date_is_asked_for_once_and_costs_nothing(county, sign_in):
    """Wrong for all alike: said in the form, where everything typed stands still; no row is tried."""
    number = petitions.registered(county).case.number
    client = sign_in("office")
    page = preview(client, "route", [number]).content.decode()
    typed = {"frozen": frozen(page), "confirm": "1", "to_unit_id": county.units["land"].id, "mode": "CNB", "words": "请逐户核对后办理"}
    wrong = client.post(reverse("petitions:bulk", args=["route"]), {**typed, "mode": "XXX", "promised_on": ""})
    assert set(wrong.context["form"].errors) == {"mode"}
    for promised_on, said in (("", "须写明承诺日期"), ("2020-01-02", "不能早于今天")):
        response = client.post(reverse("petitions:bulk", args=["route"]), {**typed, "promised_on": promised_on})
        assert response.status_code == 422
        text = response.content.decode()
        assert said in text
        assert "请逐户核对后办理" in text
    assert Case.objects.get(number=number).state == "registered"


def test_a_dispute_ticked_among_petitions_is_left_out_with_a_reason(county, sign_in):
    """The list of everything holds both kinds; it was an error 500."""
    number, other = petitions.routed(county).case.number, disputes.in_town(county).case.number
    page = preview(sign_in("office"), "urge", [number, other])
    assert page.status_code == 200
    text = page.content.decode()
    assert "1 件可以办" in text
    assert "这是矛盾纠纷，请打开后办理。" in text


def test_designate_and_urge_and_follow(county, sign_in):
    numbers = [petitions.routed(county).case.number for _ in range(2)]
    client = sign_in("head")
    page = preview(client, "designate", numbers).content.decode()
    client.post(
        reverse("petitions:bulk", args=["designate"]),
        {"frozen": frozen(page), "confirm": "1", "person_id": county.people["handler2"].id, "words": ""},
    )
    assert set(Case.objects.filter(number__in=numbers).values_list("handler__username", flat=True)) == {"handler2"}
    page = preview(client, "urge", numbers).content.decode()
    client.post(reverse("petitions:bulk", args=["urge"]), {"frozen": frozen(page), "confirm": "1", "words": "请抓紧办理"})
    assert Entry.objects.filter(case__number__in=numbers, act="petition.urge", text="请抓紧办理").count() == 2
    assert list(Case.objects.filter(number__in=numbers).values_list("urged", flat=True)) == [1, 1]
    assert Document.objects.filter(case__number__in=numbers, paper="P18").count() == 2
    page = preview(client, "follow", numbers).content.decode()
    for _ in range(2):
        client.post(reverse("petitions:bulk", args=["follow"]), {"frozen": frozen(page), "confirm": "1"})
    assert Follow.objects.filter(user=county.people["head"]).count() == 2


def test_outside_the_scope_a_number_is_no_number(county, sign_in):
    number = petitions.registered(county).case.number
    client = sign_in("labour_handler")
    page = preview(client, "urge", [number, "370685-2026-999999"]).content.decode()
    assert page.count("没有这件案件") == 2
    assert "邻居砌墙" not in page
    client.post(reverse("petitions:bulk", args=["urge"]), {"frozen": frozen(page), "confirm": "1", "words": "越权"})
    assert not Entry.objects.filter(text="越权").exists()


def test_the_wrong_role_may_not(county, sign_in):
    number = petitions.registered(county).case.number
    page = preview(sign_in("clerk"), "route", [number]).content.decode()
    assert "0 件可以办" in page
    assert "您没有这个岗位" in page


def test_nothing_ticked_too_many_unknown_act_and_get(county, sign_in):
    client = sign_in("office")
    assert preview(client, "urge", []).status_code == 422
    assert preview(client, "urge", [f"X-{n}" for n in range(lists.BULK_LIMIT + 1)]).status_code == 422
    assert preview(client, "void", ["X"]).status_code == 404
    assert client.get(reverse("petitions:bulk", args=["urge"])).status_code == 405
    assert client.post(reverse("petitions:bulk", args=["urge"]), {"frozen": "made-up"}).status_code == 422


def test_the_ticked_rows_are_printed(county, sign_in):
    number = petitions.registered(county).case.number
    page = preview(sign_in("office"), "print", [number]).content.decode()
    assert number in page
    assert f"{clock.today():%Y-%m-%d}" in page
