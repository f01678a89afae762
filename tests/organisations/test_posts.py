"""岗位任免: from a day until a day, the three administrators apart, nobody leaves with open cases (L-SEC-4, opening 29)."""

from datetime import timedelta

import pytest
from django.test import Client

from organisations import clock
from organisations.models import AccessEntry, Post, RolePolicy
from tests.factories.county import County, make_person
from tests.factories.petitions import signed


@pytest.fixture
def admin(sign_in) -> Client:
    return sign_in("security_admin")


def form(county: County, person: str, unit: str, role: str, **more: object) -> dict[str, object]:
    return {"user_id": county.people[person].id, "unit_id": county.units[unit].id, "role": role, "from_on": str(clock.today()), **more}


def post_of(county: County, person: str) -> Post:
    return Post.objects.get(user=county.people[person])


def test_it_appoints_and_logs(county: County, admin: Client) -> None:
    assert admin.post("/posts/new/", form(county, "handler", "water", "head", title="副局长")).status_code == 302
    post = Post.objects.get(user=county.people["handler"], unit=county.units["water"])
    assert (post.role, post.title, post.appointed_by_id) == ("head", "副局长", county.people["security_admin"].id)
    row = AccessEntry.objects.get(event="appoint")
    assert row.object_label == "王海涛 · 水务局 · 单位负责人"
    twice = admin.post("/posts/new/", form(county, "handler", "water", "head"))
    assert twice.status_code == 422
    assert "任职时间重叠" in twice.content.decode()
    assert Post.objects.filter(user=county.people["handler"], unit=county.units["water"]).count() == 1


def test_a_future_post_gives_nothing_yet_and_a_past_one_no_more(county: County, admin: Client) -> None:
    county.people["new"] = make_person("newone", "新人")
    tomorrow = clock.today() + timedelta(days=1)
    admin.post("/posts/new/", form(county, "new", "water", "handler", from_on=str(tomorrow), until_on=str(tomorrow)))
    assert county.scope("new").readers == ()
    with clock.at(clock.now() + timedelta(days=1)):
        assert county.units["water"].id in county.scope("new").readers
    with clock.at(clock.now() + timedelta(days=2)):
        assert county.scope("new").readers == ()


@pytest.mark.parametrize(
    ("person", "role", "words"),
    [
        ("handler", "system_admin", "不能兼任业务岗位"),
        ("system_admin", "audit_admin", "不同的人担任"),
        ("audit_admin", "office", "不能兼任业务岗位"),
        ("security_admin", "office", "不能给自己任职"),
    ],
)
def test_the_administrators_stay_apart(county: County, admin: Client, person: str, role: str, words: str) -> None:
    answer = admin.post("/posts/new/", form(county, person, "centre", role))
    assert words in answer.content.decode()
    assert Post.objects.filter(user=county.people[person]).count() == 1


def test_a_post_that_begins_later_counts_for_the_separation_too(county: County, admin: Client) -> None:
    county.people["new"] = make_person("newone", "新人")
    later = str(clock.today() + timedelta(days=30))
    assert admin.post("/posts/new/", form(county, "new", "centre", "office", from_on=later)).status_code == 302
    assert "不能兼任" in admin.post("/posts/new/", form(county, "new", "centre", "audit_admin")).content.decode()


def test_it_ends_a_post_once(county: County, admin: Client, sign_in) -> None:
    client, post = sign_in("water_handler"), post_of(county, "water_handler")
    yesterday = str(clock.today() - timedelta(days=1))
    assert admin.post(f"/posts/{post.id}/end/", {"until_on": yesterday, "ground": "调走"}).status_code == 302
    assert client.get("/contacts/").status_code == 302
    assert county.scope("water_handler").readers == ()
    assert admin.post(f"/posts/{post.id}/end/", {"until_on": yesterday, "ground": "调走"}).status_code == 422
    assert AccessEntry.objects.filter(event="post_end").count() == 1


def test_ending_is_refused_while_cases_wait_there(county: County, admin: Client) -> None:
    petition = signed(county)
    assert petition.case.handler
    holder = next(name for name, user in county.people.items() if user.id == petition.case.handler_id)
    post = post_of(county, holder)
    page = admin.get(f"/posts/{post.id}/end/").content.decode()
    assert "1 件" in page
    assert petition.case.number not in page
    answer = admin.post(f"/posts/{post.id}/end/", {"until_on": str(clock.today()), "ground": "调走"})
    assert "未办结" in answer.content.decode()
    post.refresh_from_db()
    assert post.until_on is None


def test_nobody_ends_his_own_post(county: County, admin: Client) -> None:
    post = post_of(county, "security_admin")
    assert "自己的岗位" in admin.post(f"/posts/{post.id}/end/", {"until_on": str(clock.today()), "ground": "x"}).content.decode()


@pytest.mark.parametrize("person", ["clerk", "head", "leader", "system_admin", "audit_admin"])
def test_nobody_else_has_this_console(county: County, sign_in, person: str) -> None:
    client, post = sign_in(person), post_of(county, "water_handler")
    for url in ("/posts/", "/posts/new/", "/posts/absences/", f"/posts/{post.id}/end/", "/policies/"):
        assert client.get(url).status_code == 404
    assert client.post("/posts/new/", form(county, "handler", "water", "head")).status_code == 404
    assert client.post("/policies/office/", {"office-second_factor": "on"}).status_code == 404
    assert not RolePolicy.objects.exists()


def test_a_policy_is_set_and_logged_with_before_and_after(county: County, admin: Client) -> None:
    assert admin.post("/policies/office/", {"office-second_factor": "on", "office-idle_minutes": "15"}).status_code == 302
    row = AccessEntry.objects.get(event="policy")
    assert row.detail == {
        "before": {"动态口令": False, "无操作退出": None},
        "after": {"动态口令": True, "无操作退出": 15},
    }
    admin.post("/policies/office/", {"office-second_factor": "on", "office-idle_minutes": "15"})
    assert AccessEntry.objects.filter(event="policy").count() == 1
    assert admin.post("/policies/office/", {"office-idle_minutes": "90"}).status_code == 422
    assert admin.post("/policies/emperor/").status_code == 404


def test_the_list_is_searched(county: County, admin: Client) -> None:
    assert "吴刚" in admin.get("/posts/?q=wg").content.decode()
    page = admin.get(f"/posts/?unit={county.units['land'].id}&role=handler").content.decode()
    assert "宋涛" in page
    assert "吴刚" not in page
