"""访问日志: everything in it, nothing out of it; reading it is a line of it (L-SEC-5…7, ALL-6)."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction

from organisations import access
from organisations.actions import posts
from organisations.models import AccessEntry
from organisations.queries.access_log import PAGE, told
from organisations.roles import Role
from tests.factories.county import County
from tests.factories.petitions import registered


def fill(county: County, count: int, **more: object) -> None:
    for n in range(count):
        access.log(AccessEntry.Event.PRINT, user=county.people["clerk"], object_label=f"第{n}张", **more)  # type: ignore[arg-type]


def test_a_search_is_logged_with_its_conditions(county: County, sign_in) -> None:
    fill(county, 3)
    client = sign_in("audit_admin")
    page = client.get(f"/access-log/?event=print&user_id={county.people['clerk'].id}").content.decode()
    assert page.count("第") >= 3
    row = AccessEntry.objects.get(event="log_read")
    assert row.user_id == county.people["audit_admin"].id
    assert "事件 print" in row.detail["条件"]
    assert row.detail["行数"] == 3


@pytest.mark.parametrize(
    ("query", "seen"),
    [("words=第1", True), ("words=别的", False), ("result=bad", False), ("result=ok", True), ("from_on=2020-01-01&until_on=2020-01-02", False)],
)
def test_it_narrows(county: County, sign_in, query: str, seen: bool) -> None:
    fill(county, 2)
    page = sign_in("audit_admin").get(f"/access-log/?event=print&{query}").content.decode()
    assert ("第1张" in page) is seen


def test_pages_follow_one_another_without_a_gap(county: County, sign_in) -> None:
    fill(county, PAGE * 2 + 5)
    client = sign_in("audit_admin")
    first = client.get("/access-log/?event=print")
    second = client.get("/access-log/" + first.context["older"])
    third = client.get("/access-log/" + second.context["older"])
    seen = [entry.id for page in (first, second, third) for entry in page.context["rows"]]
    assert len(seen) == len(set(seen)) == PAGE * 2 + 5
    assert third.context["older"] == ""
    back = client.get("/access-log/" + third.context["newer"])
    assert [entry.id for entry in back.context["rows"]] == [entry.id for entry in second.context["rows"]]


def test_the_export_is_logged_marked_and_disarmed(county: County, sign_in) -> None:
    access.log(AccessEntry.Event.SIGN_IN_FAILED, user=None, user_label="=cmd|x", succeeded=False)
    answer = sign_in("audit_admin").get("/exports/of/access_log/?event=sign_in_failed&form=csv")
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert "审管" in rows[0][0]
    assert rows[1][0] == "时间"
    assert rows[2][2] == "'=cmd|x"
    assert AccessEntry.objects.filter(event="export").count() == 1


def test_nobody_changes_or_removes_a_line(county: County) -> None:
    fill(county, 1)
    row = AccessEntry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessEntry.objects.filter(pk=row.pk).update(ground="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    assert access.digest(AccessEntry.objects.get()) == row.hash


def test_a_try_at_a_case_of_others_is_a_line(county: County, sign_in) -> None:
    number = registered(county).case.number
    assert sign_in("water_handler").get(f"/petitions/{number}/").status_code == 404
    row = AccessEntry.objects.get(event="denied")
    assert (row.object_id, row.ground, row.succeeded) == (number, "404", False)


def test_the_address_is_the_peers_unless_our_proxy_says_otherwise(county: County, sign_in) -> None:
    client = sign_in("clerk")
    client.post("/sign-out/", headers={"X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4"}, REMOTE_ADDR="10.0.0.9")
    assert AccessEntry.objects.get(event="sign_out").address == "10.0.0.9"


def test_a_page_of_a_long_log_costs_the_same(county: County, sign_in, django_assert_max_num_queries) -> None:
    fill(county, 120)
    client = sign_in("audit_admin")
    client.get("/access-log/")
    with django_assert_max_num_queries(8):
        client.get("/access-log/?event=print")


def test_what_was_changed_is_told_in_words_on_the_page_and_in_the_export(county: County, sign_in) -> None:
    posts.set_policy(Role.HANDLER, second_factor=True, idle_minutes=None, by=county.scope("security_admin"))
    client = sign_in("audit_admin")
    page = client.get("/access-log/?event=policy").content.decode()
    assert '<td class="small">动态口令：否 → 是</td>' in page
    exported = client.get("/exports/of/access_log/?event=policy&form=csv")
    assert "动态口令：否 → 是" in b"".join(exported.streaming_content).decode()
    assert "格式：csv" in client.get("/access-log/?event=export").content.decode()


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({}, ""),
        ({"条件": "全部", "行数": 50}, "条件：全部；行数：50"),
        ({"form": "xlsx", "query": "q=%E5%AE%85%E5%9F%BA&unit=3", "rows": 2}, "格式：xlsx；条件：q=宅基&unit=3；行数：2"),
        ({"query": ""}, "条件：全部"),
        ({"before": {"名称": "甲", "简称": "乙"}, "after": {"名称": "丙", "简称": "乙"}}, "名称：甲 → 丙"),
        ({"after": {"允许记录定位": True, "主管部门": ""}}, "允许记录定位：是；主管部门：无"),
        ({"changed": {"学历": ["", "大专"]}}, "学历：无 → 大专"),
        ({"numbers": ["370685-2026-000001", "370685-2026-000002"], "failed": 0}, "案件：370685-2026-000001、370685-2026-000002；未移交件数：0"),
    ],
)
def test_a_detail_is_told_in_words(detail: dict[str, object], words: str) -> None:
    assert told(detail) == words
