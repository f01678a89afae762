"""The worklist: who sees what, paging that survives inserts, filters, counts, neighbours, and a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import actions as docket
from casework.models import Case, Reach, SavedView
from casework.queries import lists
from casework.queries.filters import Filters, read
from mediation.actions import intake as dispute_intake
from organisations import clock
from petitions import actions
from petitions.rules import State
from tests.factories import disputes, petitions

pytestmark = pytest.mark.django_db


def numbers(scope, filters=None, **paging):
    paging.setdefault("size", 50)
    return [row.case.number for row in lists.page(scope, filters or Filters(), **paging).rows]


def test_the_scope_decides_what_a_list_holds(county):
    here = petitions.routed(county).case
    away = petitions.registered(county, area_id=county.areas["dongliang"].id).case
    assert set(numbers(county.scope("office"))) == {here.number, away.number}
    assert numbers(county.scope("handler")) == [here.number]
    assert numbers(county.scope("other_handler")) == [away.number]
    assert numbers(county.scope("labour_handler")) == []


def test_a_case_seen_through_several_readers_is_one_row(county):
    case = petitions.registered(county).case
    clerk = county.scope("clerk")
    assert Reach.objects.filter(case=case, reader__in=clerk.readers).count() == 2
    assert numbers(clerk) == [case.number]
    assert lists.total(clerk, Filters()).count == 1
    assert lists.counts(clerk, [Filters()]) == [1]


def test_a_protected_case_is_in_nobody_elses_list_or_count(county):
    case = petitions.registered(county, purpose="03", respondent_unit_id=county.units["fushan"].id).case
    assert numbers(county.scope("discipline")) == [case.number]
    for person in ("office", "town_handler", "town_head", "leader", "auditor"):
        scope = county.scope(person)
        assert numbers(scope) == []
        assert lists.total(scope, Filters()).count == 0
        assert set(lists.counts(scope, [Filters(), Filters(lamp="overdue")])) == {0}


@pytest.mark.parametrize("person", ["office", "clerk", "handler", "head", "town_handler", "leader"])
def test_every_tab_counts_what_its_list_holds(county, person):
    """Tabs are counted by several short indexes, lists are read by another: whatever is asked, both mean the same cases."""
    today, land = clock.today(), county.units["land"]
    made = [petitions.registered(county), petitions.routed(county), petitions.accepted(county), petitions.accepted(county)]
    made += [petitions.closed(county), petitions.registered(county, area_id=county.areas["dongliang"].id)]
    lamps = [(-1, -5), (0, -3), (2, 0), (15, 0), (40, 25)]
    for petition, (due, warn) in zip(made, [*lamps, *lamps], strict=False):
        if petition.case.closed_at is None:
            dates = {"due_on": today + timedelta(days=due), "warn_on": today + timedelta(days=warn)}
            Case.objects.filter(pk=petition.case.pk).update(**dates, marks=["group", "supervised"][: due % 3])
    scope = county.scope(person)
    some = {
        "states": (State.ACCEPTED, State.REGISTERED),
        "unit": land.pk,
        "mark": "group",
        "handler": county.people["handler"].pk,
        "topic": made[0].case.topic_code[:2],
        "town": made[0].case.town_code,
        "period": "7",
        "awaiting": True,
        "followed": True,
    }
    wanted = [Filters(**narrowed, lamp=lamp) for lamp in ("", "overdue", "today", "soon") for narrowed in [{}, *({k: v} for k, v in some.items())]]
    wanted += [Filters(lamp="soon", states=some["states"], mark="group"), Filters(states=some["states"], unit=land.pk), Filters(status="all")]
    counted = lists.counts(scope, wanted)
    assert counted == [None if f.status == "all" else len(lists.numbers(scope, f)) for f in wanted]
    assert lists.counts(scope, wanted[:1]) == counted[:1]


@pytest.mark.parametrize("person", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_has_no_cases_at_all(county, sign_in, person):
    petitions.registered(county)
    scope = county.scope(person)
    assert numbers(scope, Filters(status="all")) == []
    assert lists.total(scope, Filters(status="all")).count == 0
    response = sign_in(person).get(reverse("casework:list"), {"status": "all"})
    assert response.status_code == 403
    assert "邻居砌墙" not in response.content.decode()
    for address in ("casework:print", "casework:views", "casework:search", "casework:search-suggest"):
        assert sign_in(person).get(reverse(address)).status_code == 403
    inbox = sign_in(person).get(reverse("casework:inbox"))  # news of the house comes there, none of a case
    assert inbox.status_code == 200
    assert "邻居砌墙" not in inbox.content.decode()


def test_pages_meet_without_gap_or_twin_although_a_case_arrives_between(county):
    made = [petitions.registered(county).case.number for _ in range(7)]
    scope = county.scope("office")
    newest_first = Filters(status="all", sort="new")
    first = lists.page(scope, newest_first, size=3)
    petitions.registered(county)
    second = lists.page(scope, newest_first, size=3, after=first.after)
    third = lists.page(scope, newest_first, size=3, after=second.after)
    walked = [row.case.number for page in (first, second, third) for row in page.rows]
    assert walked == list(reversed(made))
    assert third.after == ""
    back = lists.page(scope, newest_first, size=3, before=third.before)
    assert [row.case.number for row in back.rows] == [row.case.number for row in second.rows]


def test_the_first_page_has_no_page_before_it(county):
    petitions.registered(county)
    page = lists.page(county.scope("office"), Filters(), size=20)
    assert (page.before, page.after) == ("", "")
    assert numbers(county.scope("office"), after="nonsense")


def test_sorted_by_what_is_due_first(county):
    late, soon = petitions.registered(county).case, petitions.registered(county).case
    Case.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=2), warn_on=clock.today() - timedelta(days=5))
    Case.objects.filter(pk=soon.pk).update(due_on=clock.today() + timedelta(days=1), warn_on=clock.today())
    scope = county.scope("office")
    assert numbers(scope) == [late.number, soon.number]
    assert numbers(scope, Filters(lamp="overdue")) == [late.number]
    assert numbers(scope, Filters(lamp="soon")) == [soon.number]
    total = lists.total(scope, Filters())
    assert (total.count, total.overdue, total.near) == (2, 1, 1)
    assert [row.group for row in lists.page(scope, Filters(), size=20).rows] == ["超期", "明天"]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"town": "370685104"}, True),
        ({"town": "370685109"}, False),
        ({"topic": "01"}, True),
        ({"topic": "02"}, False),
        ({"states": ("registered",)}, True),
        ({"states": ("closed",)}, False),
        ({"q": "宅基地"}, True),
        ({"q": "陈桂兰"}, True),
        ({"q": "养老金"}, False),
        ({"urgency": 2}, False),
        ({"mark": "group"}, False),
        ({"period": "1"}, True),
        ({"status": "closed"}, False),
        ({"followed": True}, False),
    ],
)
def test_filters(county, changes, wanted):
    case = petitions.registered(county).case
    scope = county.scope("office")
    filters = Filters(**changes)
    assert (case.number in numbers(scope, filters)) is wanted
    assert lists.total(scope, filters).count == int(wanted)


def test_marks_and_urgency_follow_the_case(county):
    case = petitions.registered(county, headcount=8, urgency=2).case
    scope = county.scope("office")
    assert numbers(scope, Filters(mark="group", urgency=2)) == [case.number]
    Case.objects.filter(pk=case.pk).update(urgency=0)
    assert numbers(scope, Filters(urgency=2)) == []


def test_an_address_is_read_and_written_back_the_same():
    query = {"status": "open", "state": "registered,returned", "town": "370685104", "q": "丈量", "sort": "new", "since": "2026-01-02"}
    filters = read(query)
    assert filters.states == ("registered", "returned")
    assert read(dict(pair.split("=") for pair in filters.query().replace("%2C", ",").replace("%E4%B8%88%E9%87%8F", "丈量").split("&"))) == filters


@pytest.mark.parametrize("broken", ["town='", "unit=1;drop", "since=2026-13-45", "state=nonsense", "sort=x", "size=9999", "after=x_y", "urgency=77"])
def test_a_broken_address_is_a_list_all_the_same(county, sign_in, broken):
    assert sign_in("office").get(f"{reverse('casework:list')}?status=all&{broken}").status_code == 200


def test_what_awaits_me_is_my_posts_and_not_my_colleagues(county):
    routed = petitions.routed(county).case
    assert numbers(county.scope("handler"), Filters(awaiting=True)) == [routed.number]
    assert numbers(county.scope("office"), Filters(awaiting=True)) == []
    actions.sign(routed.number, by=county.scope("handler"))
    assert numbers(county.scope("handler"), Filters(awaiting=True)) == [routed.number]
    assert numbers(county.scope("handler2"), Filters(awaiting=True)) == []
    prepared = petitions.prepared(county).case
    assert numbers(county.scope("head"), Filters(awaiting=True)) == [prepared.number]
    assert numbers(county.scope("labour_head"), Filters(awaiting=True)) == []


def test_tabs_count_what_they_list(county):
    petitions.registered(county)
    petitions.routed(county)
    petitions.closed(county)
    scope = county.scope("office")
    followed = petitions.registered(county).case
    docket.follow(followed.number, by=scope)
    tabs = {tab.code: tab for tab in lists.tabs(scope)}
    assert tabs["sort"].count == 2
    assert tabs["open"].count == 3
    assert tabs["followed"].count == 1
    assert tabs["closed"].count is None
    for tab in tabs.values():
        if tab.count is not None:
            assert tab.count == len(numbers(scope, tab.filters)), tab.code


def test_neighbours_walk_the_list(county):
    scope = county.scope("office")
    for _ in range(3):
        petitions.registered(county)
    order = numbers(scope)

    def beside(person: str, params: dict[str, str], number: str) -> tuple[str, ...]:
        return tuple(its for _, its in lists.neighbours(county.scope(person), params, number))

    assert beside("office", {"status": "open"}, order[1]) == (order[0], order[2])
    assert beside("office", {"status": "open"}, order[0]) == ("", order[1])
    assert beside("office", {}, order[2]) == (order[1], "")
    newest = numbers(scope, Filters(status="all", sort="new"))
    assert beside("office", {"status": "all", "sort": "new"}, newest[1]) == (newest[0], newest[2])
    assert beside("labour_handler", {}, order[1]) == ("", "")


def test_the_next_case_of_a_mixed_list_opens_on_its_own_kinds_page(county, sign_in):
    """A dispute's neighbour was looked for among the disputes, and J ended on «没有找到» where it is a petition."""
    petition = actions.register(petitions.intake(county), by=county.scope("handler")).case
    dispute = disputes.intake(county)
    dispute = dispute_intake.register(dispute, by=county.scope("handler")).case
    client, sort = sign_in("handler"), {"list": "status=all&sort=new"}
    for here, way, there in (
        (f"/mediation/{dispute.number}", "next", f"/petitions/{petition.number}/"),
        (f"/petitions/{petition.number}", "previous", f"/mediation/{dispute.number}/"),
    ):
        answer = client.get(f"{here}/beside/{way}/", sort, follow=True)
        assert (answer.status_code, answer.redirect_chain[0][0].partition("?")[0]) == (200, there)


def test_the_page_shows_rows_tabs_and_chips(county, sign_in):
    case = petitions.registered(county).case
    page = sign_in("office").get(reverse("casework:list"), {"status": "open", "town": "370685104"}).content.decode()
    assert case.number in page
    assert "乡镇：阜山镇" in page
    assert "待分流" in page
    assert f"{reverse('petitions:detail', args=[case.number])}?list=" in page


def test_htmx_gets_the_list_alone_and_a_clean_address(county, sign_in):
    petitions.registered(county)
    response = sign_in("office").get(reverse("casework:list"), {"q": "", "town": "370685104", "status": "open"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response.headers["HX-Push-Url"] == "/cases/?status=open&town=370685104"


def test_a_clerk_lands_on_what_awaits_the_role(county, sign_in):
    petitions.registered(county)
    page = sign_in("office").get(reverse("casework:list")).content.decode()
    assert 'aria-current="true">待我办理' in page


def test_a_list_costs_the_same_few_queries_however_long_it_is(county, sign_in):
    client = sign_in("town_handler")
    address = f"{reverse('casework:list')}?status=open"
    petitions.registered(county)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for _ in range(5):
        petitions.registered(county)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):
        petitions.registered(county)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(of_cases(many)) == len(of_cases(few))
    assert len(many) <= 12


def of_cases(queries):
    """Statements over the docket: a session that is prolonged now and then does not count."""
    return [query["sql"] for query in queries if "casework_" in query["sql"]]


def test_columns_are_remembered_on_the_machine(county, sign_in):
    petitions.registered(county)
    client = sign_in("office")
    response = client.post(reverse("casework:columns"), {"columns": ["subject"], "density": "normal", "size": "20", "back": "/cases/?status=open"})
    assert response.url == "/cases/?status=open"
    page = client.get("/cases/?status=open").content.decode()
    assert "w-subject" in page
    assert "w-handler" not in page
    assert "tbl--dense" not in page
    assert client.post(reverse("casework:columns"), {"density": "normal", "size": "20", "back": "https://evil.example/"}).url == "/cases/"


def test_a_view_is_kept_renamed_pinned_and_deleted(county, sign_in):
    client = sign_in("office")
    response = client.post(reverse("casework:views"), {"name": "阜山在办", "list": "status=open&town=370685104"})
    assert response.status_code == 302
    view = SavedView.objects.get()
    assert view.query == "status=open&town=370685104"
    petitions.registered(county)
    assert [tab.count for tab in lists.tabs(county.scope("office"), [view]) if tab.saved] == [1]
    assert client.post(reverse("casework:views"), {"name": "阜山在办", "list": "status=open"}).status_code == 422
    client.post(reverse("casework:view-change", args=[view.pk]), {"do": "rename", "name": "阜山"})
    client.post(reverse("casework:view-change", args=[view.pk]), {"do": "unpin"})
    view.refresh_from_db()
    assert (view.name, view.is_pinned) == ("阜山", False)
    assert sign_in("clerk").post(reverse("casework:view-change", args=[view.pk]), {"do": "delete"}).status_code == 404
    client.post(reverse("casework:view-change", args=[view.pk]), {"do": "delete"})
    assert not SavedView.objects.exists()


def test_a_units_view_is_its_colleagues_too(county, sign_in):
    sign_in("office").post(reverse("casework:views"), {"name": "中心超期", "list": "status=open&lamp=overdue", "for_unit": "on"})
    assert "中心超期" in sign_in("clerk").get(reverse("casework:list")).content.decode()
    assert "中心超期" not in sign_in("handler").get(reverse("casework:list")).content.decode()


def test_select_all_is_frozen_when_it_is_clicked(county, sign_in):
    first = petitions.registered(county).case.number
    client = sign_in("office")
    answer = client.post(reverse("casework:select-all"), {"list": "status=open"}).content.decode()
    token = answer.split('name="frozen" value="')[1].split('"')[0]
    later = petitions.registered(county).case.number
    preview = client.post(reverse("petitions:bulk", args=["urge"]), {"frozen": token}).content.decode()
    assert first in preview
    assert later not in preview
    stolen = sign_in("clerk").post(reverse("petitions:bulk", args=["urge"]), {"frozen": token})
    assert stolen.status_code == 422


def test_the_printed_list_holds_the_same_rows(county, sign_in):
    case = petitions.registered(county).case
    page = sign_in("office").get(reverse("casework:print"), {"status": "open"}).content.decode()
    assert case.number in page
    assert "13800132046" not in page
