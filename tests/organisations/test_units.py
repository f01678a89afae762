"""单位: the tree grows, moves and shrinks without losing a path or a case (ORG-1…3)."""

import pytest
from django.test import Client

from organisations import directory
from organisations.models import AccessEntry, Unit
from organisations.queries.people import find_units
from tests.factories.county import County
from tests.factories.petitions import signed


@pytest.fixture
def admin(sign_in) -> Client:
    return sign_in("system_admin")


def facts(unit: Unit, **changes: object) -> dict[str, object]:
    held: dict[str, object] = {"name": unit.name, "short_name": unit.short_name}
    if unit.area_id:
        held["area_id"] = unit.area_id
    return {**held, **changes}


def test_it_creates_a_resident_department(county: County, admin: Client, django_capture_on_commit_callbacks) -> None:
    new = {"kind": "department", "parent_id": county.units["centre"].id, "name": "招远市民政局", "short_name": "民政局", "is_resident": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post("/units/new/", new).status_code == 302
    unit = Unit.objects.get(short_name="民政局")
    assert unit.path == f"{county.units['centre'].path}{unit.id}/"
    assert unit.is_resident
    assert directory.current().units[unit.id].short_name == "民政局"
    again = admin.post("/units/new/", new)
    assert again.status_code == 422
    assert "同名单位" in again.content.decode()
    assert AccessEntry.objects.filter(event="unit").count() == 1


def test_two_units_in_service_never_share_a_short_name(county: County, admin: Client) -> None:
    """Numbers of papers and every list know a unit by it; a dissolved unit leaves its name to whoever comes after."""
    room, town = county.units["jiuqu"], county.units["xinzhuang"]
    new = {"kind": "department", "parent_id": county.units["centre"].id, "name": "另一个单位", "short_name": room.short_name}
    refused = admin.post("/units/new/", new)
    assert refused.status_code == 422
    assert f"已有单位的简称是“{room.short_name}”" in refused.content.decode()
    refused = admin.post(f"/units/{town.id}/", facts(town, short_name=room.short_name))
    assert refused.status_code == 422
    assert Unit.objects.filter(short_name=room.short_name).count() == 1
    Unit.objects.filter(pk=room.pk).update(active_until="2026-01-01")
    assert admin.post("/units/new/", new).status_code == 302


def test_a_parent_can_be_typed_by_name(county: County, admin: Client) -> None:
    new = {"kind": "department", "parent_id_text": "县中心", "name": "招远市民政局", "short_name": "民政局"}
    assert admin.post("/units/new/", new).status_code == 302
    assert admin.post("/units/new/", {**new, "parent_id_text": "没有的单位", "name": "x", "short_name": "y"}).status_code == 422


def test_a_station_needs_its_town(county: County, admin: Client) -> None:
    new = {"kind": "station", "parent_id": county.units["centre"].id, "name": "新镇群众工作站", "short_name": "新镇"}
    assert "须选定属地" in admin.post("/units/new/", new).content.decode()


def test_renaming_keeps_the_id_and_refreshes_the_initials(county: County, admin: Client) -> None:
    unit = county.units["water"]
    assert admin.post(f"/units/{unit.id}/", facts(unit, name="招远市水利局", short_name="水利局")).status_code == 302
    unit.refresh_from_db()
    assert (unit.short_name, "slj" in unit.initials) == ("水利局", True)


def test_moving_takes_everything_below_along(county: County, admin: Client) -> None:
    fushan, xinzhuang, jiuqu = county.units["fushan"], county.units["xinzhuang"], county.units["jiuqu"]
    assert admin.post(f"/units/{fushan.id}/move/", {"parent_id": xinzhuang.id}).status_code == 302
    for unit in (fushan, jiuqu):
        unit.refresh_from_db()
    assert fushan.path == f"{xinzhuang.path}{fushan.id}/"
    assert jiuqu.path == f"{fushan.path}{jiuqu.id}/"
    cycle = admin.post(f"/units/{xinzhuang.id}/move/", {"parent_id": jiuqu.id})
    assert "自己的下级" in cycle.content.decode()
    assert admin.post(f"/units/{county.units['centre'].id}/move/", {"parent_id": xinzhuang.id}).status_code == 422


def test_a_village_belongs_to_one_area_station(county: County, admin: Client) -> None:
    new = {
        "kind": "area_station",
        "parent_id": county.units["fushan"].id,
        "name": "第二片区站",
        "short_name": "二片区",
        "villages": [county.areas["jiuqu"].id],
    }
    assert "一个村只能属于一个片区站" in admin.post("/units/new/", new).content.decode()
    first = county.units["fushan_area"]
    assert admin.post(f"/units/{first.id}/", facts(first, villages=[county.areas["laochi"].id])).status_code == 302
    assert admin.post("/units/new/", new).status_code == 302


def test_closing_needs_an_empty_unit(county: County, admin: Client) -> None:
    signed(county)
    land, fushan = county.units["land"], county.units["fushan"]
    assert "下面还有单位" in admin.post(f"/units/{fushan.id}/close/").content.decode()
    assert "在任岗位" in admin.post(f"/units/{land.id}/close/").content.decode()
    land.posts.all().delete()
    assert "未办结" in admin.post(f"/units/{land.id}/close/").content.decode()


def test_closing_names_the_successor_and_happens_once(county: County, admin: Client) -> None:
    room, heir = county.units["laochi"], county.units["jiuqu"]
    assert admin.post(f"/units/{room.id}/close/", {"successor_id": heir.id}).status_code == 302
    room.refresh_from_db()
    assert (room.active_until is not None, room.successor_id) == (True, heir.id)
    assert "已经撤销" in admin.post(f"/units/{room.id}/close/").content.decode()
    assert admin.post(f"/units/{county.units['centre'].id}/close/").status_code == 422


@pytest.mark.parametrize("person", ["clerk", "head", "security_admin", "audit_admin"])
def test_nobody_else_has_this_console(county: County, sign_in, person: str) -> None:
    client, unit = sign_in(person), county.units["water"]
    assert [client.get(url).status_code for url in ("/units/", "/units/new/", f"/units/{unit.id}/")] == [404] * 3
    assert client.post(f"/units/{unit.id}/close/").status_code == 404
    unit.refresh_from_db()
    assert unit.active_until is None


def test_search_by_name_and_initials(county: County) -> None:
    directory.forget()
    assert [unit.short_name for unit in find_units("rsj")] == ["人社局"]
    assert find_units("阜山镇")[0].short_name == "阜山镇"
    assert find_units("没有") == []


def test_the_tree_page_costs_no_query_per_unit(county: County, admin: Client, django_assert_max_num_queries) -> None:
    admin.get("/units/")
    with django_assert_max_num_queries(6):
        page = admin.get("/units/")
    assert "自然资源局" in page.content.decode()


def test_the_room_of_an_enterprise_stands_below_town_area_or_department(county: County, admin: Client) -> None:
    new = {"kind": "enterprise", "name": "示例机械厂群众工作室", "short_name": "示例机械厂", "area_id": county.areas["jiuqu"].id}
    no_place = {name: value for name, value in new.items() if name != "area_id"}
    refused = admin.post("/units/new/", {**no_place, "parent_id": county.units["fushan"].id})
    assert (refused.status_code, "须选定属地" in refused.content.decode()) == (422, True)
    for above in ("centre", "jiuqu"):
        refused = admin.post("/units/new/", {**new, "parent_id": county.units[above].id})
        assert (refused.status_code, "须设在镇（街）、片区站或者县直部门之下" in refused.content.decode()) == (422, True)
    for above in ("fushan", "fushan_area", "land"):
        told_apart = {"short_name": f"{county.units[above].short_name}示例机械厂", "parent_id": county.units[above].id}
        assert admin.post("/units/new/", {**new, **told_apart}).status_code == 302
    room = Unit.objects.filter(kind="enterprise").first()
    assert room is not None
    directory.forget()
    page = admin.get(f"/units/?under={county.units['fushan'].id}").content.decode()
    assert "群众工作室（企业）" in page
    below = admin.post("/units/new/", {"kind": "department", "name": "x", "short_name": "y", "parent_id": room.id})
    assert "之下不再设单位" in below.content.decode()
    moved = admin.post(f"/units/{room.id}/move/", {"parent_id": county.units["centre"].id})
    assert "须设在" in moved.content.decode()


def test_an_enterprise_in_a_village_does_not_answer_for_the_village(county: County, admin: Client) -> None:
    village = county.areas["jiuqu"].id
    before = directory.current().answering[village]
    new = {
        "kind": "enterprise",
        "parent_id": county.units["fushan"].id,
        "name": "示例机械厂群众工作室",
        "short_name": "示例机械厂",
        "area_id": village,
    }
    assert admin.post("/units/new/", new).status_code == 302
    directory.forget()
    assert directory.current().answering[village] == before
