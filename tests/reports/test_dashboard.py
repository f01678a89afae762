"""驾驶舱 over HTTP: who sees whose figures, and that every number on the page opens a list with the same count (ALL-1)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from organisations import clock
from organisations.models import AccessEntry
from reports.actions import refresh
from reports.models import Fact, FactState, Outlines, TownPlace
from tests.factories import petitions
from tests.factories.county import County

SHANGHAI = ZoneInfo("Asia/Shanghai")
THEN, NOW = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI), datetime(2026, 3, 27, 10, 45, tzinfo=SHANGHAI)
SignIn = Callable[[str], Client]


@pytest.fixture
def told(county: County) -> Iterator[County]:
    """A month of work: three quarrels of one kind in one village, late ones, one closed, some elsewhere; looked at on 27 March."""
    dongliang = county.areas["dongliang"].id
    with clock.at(THEN):
        petitions.routed(county)
        petitions.signed(county)
        petitions.closed(county)
        petitions.registered(county, area_id=dongliang, topic_code="010101")
        petitions.routed(county, to="labour", topic_code="030101")
    with clock.at(NOW - timedelta(days=2)):
        for _ in range(2):
            petitions.routed(county, to="water", area_id=dongliang, topic_code="010101")
        petitions.registered(county)
    cache.clear()
    with clock.at(NOW):
        refresh.refresh()
        yield county


def numbers(html: str) -> list[tuple[str, int]]:
    """Every link that promises a count: (address, count), those of the data tables too."""
    found = [(unescape(url), int(count)) for url, count in re.findall(r'href="([^"]+)" data-count="(\d+)"', html)]
    found += [(unescape(url), int(text.replace(",", ""))) for url, text in re.findall(r'<a href="([^"]*/reports/cases/[^"]+)">([\d,]+)</a>', html)]
    return found


@pytest.mark.parametrize("person", ["leader", "office", "centre_head", "auditor", "head", "town_head", "overseer"])
def test_every_number_opens_a_list_with_the_same_count(told: County, sign_in: SignIn, person: str) -> None:
    client = sign_in(person)
    page = client.get("/reports/?span=month")
    assert page.status_code == 200
    promised = set(numbers(page.content.decode()))
    assert len(promised) > 12
    for url, count in promised:
        opened = client.get(url).content.decode()
        assert re.search(rf'共 <b class="num">{count}</b> 件', opened), f"{url} promised {count}"
    # A number of people stands above its cases too.
    people, visits = next((words, url) for url, words in re.findall(r'<a href="([^"]*m=visitors[^"]*)"[^>]*>([\d,]+)</a>', page.content.decode()))
    assert f'来访人次 <b class="num">{people}</b> 人次' in client.get(visits.replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize(
    "query", ["span=day", "span=week", "span=year", "span=month&basis=registered", "span=month&basis=closed", "span=year&category=01"]
)
def test_every_period_basis_and_category_counts_what_it_lists(told: County, sign_in: SignIn, query: str) -> None:
    client = sign_in("leader")
    for url, count in set(numbers(client.get(f"/reports/?{query}").content.decode())):
        assert f'共 <b class="num">{count}</b> 件' in client.get(url).content.decode(), url


@pytest.mark.parametrize("person", ["leader", "head", "town_head", "auditor"])
@pytest.mark.parametrize(
    "query",
    ["span=month", "span=quarter", "span=year&basis=closed", "span=year&unit={land}", "span=year&town=370685109", "span=quarter&category=01"],
)
def test_whoever_looks_and_however_narrowed_no_number_stands_without_its_list(told: County, sign_in: SignIn, person: str, query: str) -> None:
    """Issue 5 §2: every number opens the list it counts. Numbers in tables are links; what the drawings open is promised beside them."""
    client = sign_in(person)
    html = client.get("/reports/?" + query.format(land=told.units["land"].id)).content.decode()
    cells = re.findall(r'<td class="r num">(.*?)</td>', html)
    assert [cell for cell in cells if not cell.startswith("<a ") and re.search(r"\d", cell) and "不足" not in cell] == []
    assert not re.search(r"另有 \d+ 件", html)
    promised = set(numbers(html))
    for url, count in promised:
        assert f'共 <b class="num">{count}</b> 件' in client.get(url).content.decode(), url
    blocks = re.findall(r'<script id="[^"]+" type="application/json">(.*?)</script>', html, re.DOTALL)
    drawn = {unescape(url) for block in blocks for url in re.findall(r'"(/reports/cases/[^"]+)"', json.dumps(json.loads(block)))}
    drawn |= {unescape(url) for url in re.findall(r'href="(/reports/cases/[^"]+)"', "".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL)))}
    assert drawn <= {url for url, _ in promised}


@pytest.mark.parametrize("query", ["town=370685109", "unit={land}", "since=2026-03-01&until=2026-03-10", "category=0101&town=370685109"])
def test_filters_stand_in_the_address_and_can_be_taken_off(told: County, sign_in: SignIn, query: str) -> None:
    client = sign_in("leader")
    html = client.get("/reports/?" + query.format(land=told.units["land"].id)).content.decode()
    assert 'class="chip"' in html
    for url, count in set(numbers(html)):
        assert f'共 <b class="num">{count}</b> 件' in client.get(url).content.decode(), url


def test_the_leader_sees_six_figures_with_change_and_reason(told: County, sign_in: SignIn) -> None:
    html = sign_in("leader").get("/reports/?span=month").content.decode()
    for name in ("来访人次", "登记件数", "按期答复率", "超期未结", "一次化解率", "群众满意率"):
        assert name in html
    assert "较上月同期" in html
    assert "10:45 更新" in html
    for code in ("visitors", "cases", "reply_on_time", "overdue", "once", "satisfaction"):
        assert f"{reverse('reports:measures')}#{code}" in html


def test_beside_the_ranking_stands_who_is_too_small_for_it(told: County, sign_in: SignIn) -> None:
    words, late = "到期不足 5 件的不排名", clock.today() - timedelta(days=9)
    ids = list(Fact.objects.filter(kind="petition").values_list("pk", flat=True))
    while len(ids) < 6:
        ids.append(petitions.registered(told).pk)
    refresh.refresh()
    # As late answers of two units leave it, read from the facts themselves.
    FactState.objects.update(tallied="")
    Fact.objects.update(reply_due_on=None, confidential=False)
    Fact.objects.filter(pk__in=ids[:5]).update(reply_unit_id=told.units["land"].id, reply_due_on=late)
    for others, is_said in ((ids[5:6], True), ([], False)):
        Fact.objects.exclude(pk__in=ids[:5]).update(reply_due_on=None)
        Fact.objects.filter(pk__in=others).update(reply_unit_id=told.units["labour"].id, reply_due_on=late)
        cache.clear()
        page = sign_in("leader").get(f"/reports/?since={late}&until={clock.today()}").content.decode()
        assert 'class="rank__i' in page
        assert (words in page) is is_said


def test_a_hot_matter_is_three_of_a_kind_in_a_town(told: County, sign_in: SignIn) -> None:
    """L-CLS-58: three or more of the same third-level class and town in ninety days."""
    html = sign_in("leader").get("/reports/").content.decode()
    hot = html[html.index('class="hot"') :]
    assert "辛庄镇" in hot
    assert "集体资产管理" in hot


def test_late_cases_name_who_has_them(told: County, sign_in: SignIn) -> None:
    html = sign_in("leader").get("/reports/").content.decode()
    late = html[html.index('id="d-late"') : html.index('id="d-lamps"')]
    assert "超 " in late
    assert "自然资源局" in late


def test_a_protected_late_case_tells_neither_whose_nor_how_late_it_is(told: County, sign_in: SignIn) -> None:
    """L-PET-86: «超 12 天 · 保密件 · 纪委监委» is the matter itself, in a county of three such."""
    with clock.at(THEN):
        petitions.registered(told, purpose="03", respondent_name="某某")
    refresh.refresh()
    cache.clear()
    page = sign_in("leader").get("/reports/?span=month")
    rows = page.context["board"].late
    assert [row.is_hidden for row in rows] == [*[False] * (len(rows) - 1), True]
    assert (rows[-1].words, rows[-1].unit, rows[-1].handler, rows[-1].tone) == ("", "", "", "")
    html = page.content.decode()
    table = html[html.index('id="d-late"') : html.index('id="d-lamps"')]
    assert "保密件，只计件数，不显示内容" in table
    assert "纪委监委" not in table


def test_the_longest_late_comes_first_however_many_are_late(told: County, sign_in: SignIn) -> None:
    """A matter whose forwarding ran out long ago and whose next limit is far off is the worst of all, and was cut off once."""
    for _ in range(36):
        petitions.registered(told)
    refresh.refresh()
    today = NOW.date()
    late = Fact.objects.filter(kind="petition", closed_on=None)
    no_other = {"accept_due_on": None, "reply_due_on": None}
    late.update(forward_due_on=today - timedelta(days=2), forwarded_on=None, due_on=today - timedelta(days=2), **no_other)
    worst = late.order_by("-pk")[0]
    Fact.objects.filter(pk=worst.pk).update(
        forward_due_on=today - timedelta(days=33), forwarded_on=today + timedelta(days=1), due_on=today + timedelta(days=40)
    )
    cache.clear()
    html = sign_in("leader").get("/reports/?span=month").content.decode()
    table = html[html.index('id="d-late"') : html.index('id="d-lamps"')]
    assert re.findall(r"超 (\d+) 天", table) == ["33", *["2"] * 7]
    assert f'data-count="{late.count()}"' in table
    assert re.search(rf"超期最久的 8 件在此，<a [^>]+>共 {late.count()} 件", table)


def test_a_department_sees_its_own_cases_only(told: County, sign_in: SignIn) -> None:
    html = sign_in("labour_head").get("/reports/?span=month").content.decode()
    assert "人社局群众工作驾驶舱" in html
    assert "自然资源局" not in html[html.index('id="board"') : html.index("filters__body")]
    assert "水务局" not in html[html.index('class="dash"') :]


def test_a_town_sees_its_villages_and_no_small_numbers_of_others(told: County, sign_in: SignIn) -> None:
    """L-SEC-41: what two cases of a department in the town say is not told to the town."""
    html = sign_in("town_head").get("/reports/?span=month").content.decode()
    board = html[html.index('class="dash"') :]
    assert "村（社区）分布" in board
    assert "九曲村" in board
    assert "东良村" not in board
    lamps = board[board.index('id="d-lamps"') :]
    assert "自然资源局" not in lamps


@pytest.mark.parametrize("person", ["clerk", "handler", "mediator", "village_cadre", "grid_worker", "discipline"])
def test_who_has_no_figures_is_told_so_and_finds_no_door(told: County, sign_in: SignIn, person: str) -> None:
    client = sign_in(person)
    assert client.get("/reports/").status_code == 403
    assert client.get("/reports/wall/").status_code == 403
    assert 'href="/reports/"' not in client.get("/").content.decode()


@pytest.mark.parametrize("person", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_sees_no_figures(told: County, sign_in: SignIn, person: str) -> None:
    assert sign_in(person).get("/reports/").status_code == 403


@pytest.mark.parametrize(
    "query", ["since=2026-13-01&until=2026-03-02", "since=2026-03-01", "since=2026-03-05&until=2026-03-01", "unit=999999", "span=ever"]
)
def test_a_wrong_address_is_told_and_shows_no_other_figures(told: County, sign_in: SignIn, query: str) -> None:
    answer = sign_in("leader").get(f"/reports/?{query}")
    assert answer.status_code == 422
    assert "kpi__v" not in answer.content.decode()


def test_a_category_opens_its_parts(told: County, sign_in: SignIn) -> None:
    client = sign_in("leader")
    top = client.get("/reports/?span=month").content.decode()
    inside = unescape(re.search(r'<a href="(/reports/\?[^"]*category=01[^"]*)"', top)[1])  # type: ignore[index]
    html = client.get(inside).content.decode()
    assert 'aria-label="分类层级"' in html
    deeper = unescape(re.search(r'<a href="(/reports/\?[^"]*category=0101[^"]*)"', html)[1])  # type: ignore[index]
    assert "集体资产管理" in client.get(deeper).content.decode()


def test_a_board_left_open_on_a_desk_is_nobody_at_the_desk(told: County, sign_in: SignIn) -> None:
    html = sign_in("leader").get("/reports/?span=month").content.decode()
    assert "X-Background" in html.split('id="board"')[1].split(">")[0]


def test_the_wall_is_dark_and_without_the_shell(told: County, sign_in: SignIn) -> None:
    client = sign_in("leader")
    html = client.get("/reports/wall/?span=month").content.decode()
    assert 'data-theme="dark" data-wall' in html
    assert 'hx-get="/reports/wall/?' in html
    assert "X-Background" not in html.split('id="board"')[1].split(">")[0], "a wall is watched by nobody in particular and stays lit"
    part = client.get("/reports/wall/?span=month", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="board-page"')
    assert "<html" not in part


def test_charts_bring_their_numbers_and_no_script(told: County, sign_in: SignIn) -> None:
    html = sign_in("leader").get("/reports/").content.decode()
    blocks = re.findall(r'<script id="[^"]+" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert len(blocks) == 2
    assert all(json.loads(block)["series"] for block in blocks)
    assert html.count('class="drawn') == 2
    board = html[html.index('id="board"') :]
    assert " style=" not in board
    assert not re.search(r"\son\w+=", board)
    assert html.count('class="datatable ') == 5


def test_what_changes_is_seen_at_once_and_what_does_not_is_not_asked_again(told: County, sign_in: SignIn, django_assert_max_num_queries) -> None:
    client = sign_in("leader")
    before = client.get("/reports/?span=month").content.decode()
    with django_assert_max_num_queries(14):
        client.get("/reports/?span=month")
    petitions.registered(told)
    refresh.refresh()
    after = client.get("/reports/?span=month").content.decode()
    count = re.compile(r'aria-label="登记件数 (\d+)件')
    assert int(count.search(after)[1]) == int(count.search(before)[1]) + 1  # type: ignore[index]


def test_figures_that_fell_behind_say_so(told: County, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """No figure is older than a minute without saying it; here the refresher is held up by another that never ends."""
    monkeypatch.setattr(refresh, "_alone", lambda db: False)
    with clock.at(NOW + timedelta(minutes=5)):
        assert "数据正在追赶" in sign_in("leader").get("/reports/").content.decode()


# -- the map ------------------------------------------------------------------------------------------------------------


def squares(**changes: str) -> dict[str, str]:
    return {"column_370685104": "2", "row_370685104": "1", "column_370685109": "1", "row_370685109": "1", **changes}


def outlines(*codes: str) -> SimpleUploadedFile:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [[[120 + at, 37], [121 + at, 37], [121 + at, 38], [120 + at, 37]]]},
        }
        for at, code in enumerate(codes)
    ]
    return SimpleUploadedFile("乡镇.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())


def test_the_administrator_arranges_the_towns(told: County, sign_in: SignIn) -> None:
    client = sign_in("system_admin")
    assert client.get("/reports/places/").status_code == 200
    assert client.post("/reports/places/", squares()).status_code == 302
    assert TownPlace.objects.get(pk="370685104").column == 2
    assert AccessEntry.objects.filter(event=AccessEntry.Event.POLICY, object_type="reports.places").exists()
    html = sign_in("leader").get("/reports/?span=month").content.decode()
    assert re.search(r'class="tile at-c2 at-r1"[^>]*>\s*<b class="trunc"[^>]*>阜山镇', html)


def test_two_towns_on_one_square_are_refused_and_kept(told: County, sign_in: SignIn) -> None:
    answer = sign_in("system_admin").post("/reports/places/", squares(column_370685104="1"))
    assert answer.status_code == 422
    assert "在同一格" in answer.content.decode()
    assert not TownPlace.objects.exists()


def test_outlines_are_drawn_once_loaded_and_gone_when_taken_off(told: County, sign_in: SignIn) -> None:
    admin, leader = sign_in("system_admin"), sign_in("leader")
    assert admin.post("/reports/places/outlines/", {"file": outlines("370685104", "370685109")}).status_code == 302
    html = leader.get("/reports/?span=month").content.decode()
    assert 'id="data-places"' in html
    assert "drawn--outlines" in html
    assert admin.post("/reports/places/outlines/off/").status_code == 302
    assert Outlines.objects.get().removed_by == told.people["system_admin"]
    assert 'id="data-places"' not in leader.get("/reports/?span=month").content.decode()


def test_outlines_that_do_not_fit_are_refused_with_the_reason(told: County, sign_in: SignIn) -> None:
    answer = sign_in("system_admin").post("/reports/places/outlines/", {"file": outlines("370685104")})
    assert answer.status_code == 422
    assert "缺少 1 个乡镇的图形：辛庄镇" in answer.content.decode()
    assert not Outlines.objects.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"120,", b"1" * 400 + b","), (b'"370685104"', b'"\\ud800"'), (b"Polygon", b"\\udfff"), (b'"properties"', b'"\\ud800"')],
)
def test_a_hostile_file_of_outlines_is_refused_with_a_sentence(told: County, sign_in: SignIn, old: bytes, new: bytes) -> None:
    file = outlines("370685104", "370685109")
    hostile = SimpleUploadedFile("乡镇.geojson", file.read().replace(old, new))
    answer = sign_in("system_admin").post("/reports/places/outlines/", {"file": hostile})
    assert answer.status_code == 422
    assert "第 1 个图形" in answer.content.decode()
    assert not Outlines.objects.exists()


@pytest.mark.parametrize("person", ["leader", "office", "security_admin"])
def test_nobody_else_arranges_the_map(told: County, sign_in: SignIn, person: str) -> None:
    client = sign_in(person)
    assert client.get("/reports/places/").status_code == 404
    assert client.post("/reports/places/", squares()).status_code == 404
    assert client.post("/reports/places/outlines/", {"file": outlines("370685104")}).status_code == 404


# -- the home pages -----------------------------------------------------------------------------------------------------


def test_a_leaders_home_shows_the_six_with_change_and_reason_and_says_why_lists_count_more(told: County, sign_in: SignIn) -> None:
    """beyond.md habit 29 and request 26: one number has one meaning; another count says what it counts."""
    client = sign_in("leader")
    home, board = client.get("/").content.decode(), client.get("/reports/?span=month").content.decode()
    for name in ("来访人次", "登记件数", "按期答复率", "超期未结", "一次化解率", "群众满意率"):
        assert re.search(rf'aria-label="{name} [^"]+"', home), name
    said = re.compile(r'aria-label="登记件数 (\d+)件')
    assert said.search(home)[1] == said.search(board)[1]  # type: ignore[index]
    assert "较上月同期" in home
    assert "含纠纷" in home
    assert "全部期限（含纠纷）超期" in board


def test_a_head_sees_the_units_own_six_and_a_clerk_none(told: County, sign_in: SignIn) -> None:
    assert "人社局本月数据" in sign_in("labour_head").get("/").content.decode()
    assert "本月数据" not in sign_in("clerk").get("/").content.decode()


def test_an_auditors_home_begins_with_unread_months_doubts_and_the_chain(told: County, sign_in: SignIn) -> None:
    home = sign_in("auditor").get("/").content.decode()
    for words in ("未读月报", "疑点清单", "随机抽查", "完整性校验"):
        assert words in home


def test_a_protected_matter_makes_nothing_hot(told: County, sign_in: SignIn) -> None:
    """A row of hot matters opens a list without it; the count beside must be the list's (L-PET-86)."""
    before = sign_in("leader").get("/reports/?span=month").content.decode()
    for _ in range(3):
        petitions.registered(told, area_id=told.areas["dongliang"].id, topic_code="010101", purpose="03", respondent_name="某某")
    refresh.refresh()
    after = sign_in("leader").get("/reports/?span=month").content.decode()
    hot = re.compile(r'<ul class="hot">.*?</ul>', re.S)
    assert hot.findall(after) == hot.findall(before)
    for url, count in set(numbers(after)):
        assert re.search(rf'共 <b class="num">{count}</b> 件', sign_in("leader").get(url).content.decode()), url
