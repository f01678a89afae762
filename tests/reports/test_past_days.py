"""What a figure says of a day that is over: as the matter stood then, with what was entered late and without what happened later.

And of the running day: a promise whose last day is today is neither kept late nor broken yet.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from casework.models import Deadline
from organisations import clock
from petitions import actions
from petitions.actions import terms
from petitions.models import Petition
from reports.actions import refresh
from reports.models import Fact, FrozenPast, PastFact
from reports.month import frames, privacy
from reports.month import lists as lists_on_paper
from reports.month.counted import Counted
from reports.month.frames import Frame
from reports.month.queries import Source
from reports.queries import figures, ground, proof
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES, in_force
from reports.rules.periods import Period, whole
from tests.factories import disputes, months, petitions
from tests.factories import terms as limits_made

pytestmark = pytest.mark.django_db

#: Figures that say «统计日»: of these a past day has its own answer. With those of promises, which are decided once and for all.
OF_A_DAY = [code for code, measure in MEASURES.items() if measure.asks_the_day]
RIPENING = [code for code, measure in MEASURES.items() if measure.ripens]


def on(day: date, hour: int = 10):
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour))))


def of_day(county, day: date, since: date | None = None) -> Selection:
    return Selection(Period(since or day, day), day, ground.of_unit(county.units["centre"].id))


def told(where: Selection, codes: list[str], facts=None) -> dict[str, tuple[int, int]]:
    return {code: (found.numerator, found.denominator) for code, found in figures.read_many(codes, where, facts).items()}


def lists(where: Selection, codes: list[str]) -> dict[str, list[int]]:
    return {code: sorted(figures.case_ids(code, where)) for code in codes}


# -- the running day ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_tallied", [True, False])
def test_a_promise_of_today_is_neither_kept_nor_broken_until_the_day_is_over(county, is_tallied):
    petitions.registered(county)
    refresh.refresh()
    due = Fact.objects.get().forward_due_on
    facts = None if is_tallied else Fact.objects.all()
    with on(due):
        where = of_day(county, due)
        assert told(where, ["office_acceptance", "due_today", "overdue"], facts) == {
            "office_acceptance": (0, 0),
            "due_today": (1, 1),
            "overdue": (0, 0),
        }
        assert not figures.case_ids("office_acceptance", where, facts=facts).exists()
        assert figures.case_ids("due_today", where, facts=facts).count() == 1
        table = figures.split(["office_acceptance"], where, "unit", facts)
        assert all(not cells["office_acceptance"].denominator for cells in table.rows.values())
    with on(due + timedelta(days=1)):
        # The month that ended with that day counts it, and so does the running one.
        for where in (of_day(county, due), of_day(county, due + timedelta(days=1), since=due)):
            assert told(where, ["office_acceptance"], facts) == {"office_acceptance": (0, 1)}
            assert figures.case_ids("office_acceptance", where, "missed", facts).count() == 1
        assert told(of_day(county, due + timedelta(days=1)), ["due_today", "overdue"], facts) == {"due_today": (0, 0), "overdue": (1, 1)}


@pytest.mark.parametrize("is_tallied", [True, False])
def test_a_promise_kept_before_its_day_counts_at_once(county, is_tallied):
    number = petitions.registered(county).case.number
    refresh.refresh()
    due = Fact.objects.get().forward_due_on
    with on(due, 9):
        actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"))
        refresh.refresh()
        facts = None if is_tallied else Fact.objects.all()
        assert told(of_day(county, due), ["office_acceptance"], facts) == {"office_acceptance": (1, 1)}
        assert figures.split(["office_acceptance"], of_day(county, due), "day", facts).rows[due]["office_acceptance"].numerator == 1


def test_whoever_is_asked_by_day_of_registration_has_no_broken_promise_among_those_still_running(county):
    petitions.accepted(county)
    refresh.refresh()
    where = of_day(county, clock.today()).within(basis=figures.Basis.REGISTERED)
    assert told(where, ["reply_on_time", "cases"]) == {"reply_on_time": (0, 0), "cases": (1, 1)}


def test_the_four_answers_to_a_limit_add_up_to_those_that_are_due(county):
    for _ in range(2):
        petitions.accepted(county)
    refresh.refresh()
    due = Fact.objects.first().reply_due_on
    for day in (due - timedelta(days=1), due, due + timedelta(days=1)):
        with on(day):
            where = Selection(Period(due, due), day, ground.of_unit(county.units["centre"].id))
            found = told(where, ["reply_on_time", "replied_in_time", "replied_late", "unanswered_late", "unanswered_running"])
            assert found["unanswered_running"][0] + found["unanswered_late"][0] == 2
            assert found["reply_on_time"][1] == found["replied_in_time"][0] + found["replied_late"][0] + found["unanswered_late"][0]


# -- a day that is over -------------------------------------------------------------------------------------------------


def a_full_day(county) -> dict[str, str]:
    """Matters of every stage, as they lie at the end of today."""
    today = clock.today()
    with on(today - timedelta(days=70)):
        late = petitions.accepted(county).case.number
    with on(today - timedelta(days=14)):
        routed = petitions.routed(county).case.number
    with on(today - timedelta(days=3)):
        made = {
            "late": late,
            "routed": routed,
            "asked": limits_made.extension_asked(county).case.number,
            "suspended": limits_made.suspended(county).case.number,
            "closed": petitions.closed(county).case.number,
            "reported": petitions.fed_back(county).case.number,
            "dispute": disputes.accepted(county).case.number,
        }
    refresh.refresh()
    return made


def later_acts(county, made: dict[str, str]) -> None:
    """What happens on the days after, one day after the other, the facts following each time."""
    office, handler = county.scope("office"), county.scope("handler")
    today = clock.today()
    acts = [
        lambda: actions.sign(made["routed"], by=handler),
        lambda: actions.accept(made["routed"], words="已收到，将依法调查核实。", by=handler),
        lambda: terms.approve_extension(made["asked"], words="同意。", by=county.scope("head")),
        lambda: terms.resume(made["suspended"], words="恢复办理。", by=handler),
        lambda: actions.reopen(made["closed"], reason="不满意", due_on=clock.today() + timedelta(days=9), by=office),
        lambda: actions.close(made["reported"], by=office),
        lambda: petitions.registered(county),
    ]
    for days, act in enumerate(acts, start=1):
        with on(today + timedelta(days=days)):
            act()
            refresh.refresh()


def test_a_day_that_is_over_keeps_its_figures_and_lists_whatever_happens_later(county):
    made = a_full_day(county)
    day = clock.today()
    where = of_day(county, day, since=day - timedelta(days=120))
    codes = [*OF_A_DAY, *RIPENING]
    with on(day + timedelta(days=1), 0):
        frozen, behind = told(where, codes), lists(where, OF_A_DAY)
        by_unit = figures.split(["open", "overdue"], where, "unit").rows
    assert frozen["open"][0] >= 5
    assert frozen["overdue"][0] > 0
    assert frozen["unanswered_late"][0] > 0
    later_acts(county, made)
    with on(day + timedelta(days=8)):
        assert PastFact.objects.exists()
        assert told(where, codes) == frozen
        assert lists(where, OF_A_DAY) == behind
        assert figures.split(["open", "overdue"], where, "unit").rows == by_unit
        assert {code: len(ids) for code, ids in behind.items()} == {code: frozen[code][1] for code in OF_A_DAY}
        assert list(proof.differences()) == []
        today = of_day(county, clock.today(), since=day - timedelta(days=120))
        assert told(today, ["open"]) != {"open": frozen["open"]}


def test_two_grounds_ask_the_same_past_day_and_each_gets_its_own(county):
    """A county, a unit and a town read one past day in turn, whoever comes first: what was made of it for one is not told to the next."""
    made = a_full_day(county)
    petitions.routed(county, to="labour")
    refresh.refresh()
    day = clock.today()
    asked = Period(day - timedelta(days=120), day)
    places = [Selection(asked, day, ground.of_unit(county.units[unit].id)) for unit in ("centre", "land", "labour", "fushan")]
    codes = [*OF_A_DAY, *RIPENING]
    with on(day + timedelta(days=1), 0):
        frozen = [told(where, codes) for where in places]
    assert frozen[0]["open"][0] > frozen[1]["open"][0] > 0
    later_acts(county, made)
    with on(day + timedelta(days=8)):
        for order in (places, places[::-1]):
            assert [told(where, codes) for where in order] == [frozen[places.index(where)] for where in order]
        for where, found in zip(places, frozen, strict=True):
            assert {code: len(ids) for code, ids in lists(where, OF_A_DAY).items()} == {code: found[code][1] for code in OF_A_DAY}


def test_what_is_entered_late_changes_the_days_since_it_happened_and_none_before(county):
    day = clock.today()
    with on(day - timedelta(days=20)):
        number = petitions.accepted(county).case.number
        refresh.refresh()
    with on(day - timedelta(days=4)):
        terms.ask_extension(number, days=30, reason="情况复杂", by=county.scope("handler"))
        terms.approve_extension(number, words="同意。", by=county.scope("head"))
        refresh.refresh()
    held = list(PastFact.objects.values_list("stood_from", "stood_until", "reply_due_on").order_by("stood_from"))
    assert held[-1][1] == day - timedelta(days=4)
    before = told(of_day(county, day - timedelta(days=6)), OF_A_DAY)
    # Today somebody enters what happened five days ago: another matter, and a line in this one.
    with clock.from_ledger(), on(day - timedelta(days=5)):
        petitions.registered(county)
        actions.designate(number, person_id=county.people["handler"].id, by=county.scope("head"))
    refresh.refresh()
    assert told(of_day(county, day - timedelta(days=6)), OF_A_DAY) == before
    assert told(of_day(county, day - timedelta(days=5)), ["open"])["open"][0] == before["open"][0] + 1
    assert list(proof.differences()) == []


def test_a_case_void_or_protected_today_is_so_on_every_day(county):
    first, second = petitions.routed(county).case.number, petitions.routed(county).case.number
    refresh.refresh()
    day = clock.today()
    with on(day + timedelta(days=1)):
        actions.amend(first, {"purpose": "03"}, reason="实为检举控告", by=county.scope("office"))
        refresh.refresh()
        assert told(of_day(county, day), ["open"]) == {"open": (2, 2)}
        assert sum(cells["open"].denominator for cells in figures.split(["open"], of_day(county, day), "unit").rows.values()) == 1
        town = of_day(county, day).within(ground=ground.of(county.scope("town_head")))
        hidden = Petition.objects.get(case__number=first).pk
        assert hidden not in set(figures.case_ids("open", town))
    with on(day + timedelta(days=2)):
        with connection.cursor() as db:
            db.execute("SELECT count(*) FROM reports_stoodfact WHERE case_id = %s", [hidden])
            assert db.fetchone()[0] >= 1
        assert Petition.objects.get(case__number=second).pk in set(figures.case_ids("open", town))


# -- what a closed month froze ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_closed_month_froze_the_last_day_as_it_stood_and_later_acts_restate_nothing(county):
    months.a_month(county)
    refresh.refresh()
    with months.at(11, 2):
        # Between the month's end and its closing things go on.
        waiting = Petition.objects.filter(case__state="registered").first().case.number
        actions.route(waiting, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"))
        refresh.refresh()
    with months.at(11, 3):
        report = months.sealed(county)
    source = Source(report.closing)
    where = of_day(county, date(2026, 10, 31), since=date(2026, 10, 1))
    assert FrozenPast.objects.filter(closing=report.closing).exists()
    frozen = told(where, list(MEASURES), source.facts)
    assert frozen == told(where, list(MEASURES))
    held_by = {key: cells["open"].numerator for key, cells in figures.split(["open"], where, "unit", source.facts).rows.items()}
    assert held_by[county.units["centre"].id] == 1  # routed on the 2nd, it lay at the centre on the 31st
    with months.at(11, 9):
        for petition in Petition.objects.filter(case__state="routed"):
            scope = {county.units["land"].id: "handler", county.units["water"].id: "water_handler", county.units["labour"].id: "labour_handler"}
            if scope[petition.case.unit_id] in county.people:
                actions.sign(petition.case.number, by=county.scope(scope[petition.case.unit_id]))
        refresh.refresh()
    assert {code: told(where, [code])[code] for code in OF_A_DAY} == {code: frozen[code] for code in OF_A_DAY}


def test_the_version_is_the_one_of_the_periods_last_day_or_of_the_closing(county):
    where = of_day(county, date(2026, 10, 31), since=date(2026, 10, 1))
    assert where.measure("reply_on_time").version == 1
    assert where.within(period=Period(date(2026, 10, 1), date(2026, 11, 1))).measure("reply_on_time").version == 2
    assert where.within(versions=(("reply_on_time", 2),)).measure("reply_on_time").version == 2
    assert in_force("reply_on_time", date(2025, 1, 1)).version == 1


# -- a list reads the very facts its number was counted from --------------------------------------------------------------


def october(county, unit: str, source: Source, on_day: date = date(2026, 10, 31)) -> Counted:
    period = whole(date(2026, 10, 1), date(2026, 10, 31))
    frame = source.closing.frame if source.closing else frames.names()
    return Counted(Frame({**frame, **frames.surroundings(county.units[unit].id, period)}), period, on_day, source)


def late_rows(counted: Counted) -> list[tuple[object, ...]]:
    return list(next(grid for grid in lists_on_paper.of(counted) if grid.code == "late").rows)


@pytest.mark.django_db(transaction=True)
def test_a_list_names_the_unit_and_the_limits_its_number_speaks_of(county):
    with months.at(9, 20):
        number = petitions.registered(county).case.number
        refresh.refresh()
    with months.at(11, 2):
        actions.route(number, mode="LJB", to_unit_id=county.units["fushan"].id, words="请办理。", by=county.scope("office"))
        refresh.refresh()
    with months.at(11, 3):
        report = months.sealed(county)
    for source in (Source(None), Source(report.closing)):
        with months.at(11, 3):
            counted = october(county, "centre", source)
            (row,) = late_rows(counted)
            (key,) = counted.units.rows
            assert key == county.units["centre"].id
            assert (row[0], row[2]) == (number, counted.frame.unit_name(key))
            assert row[4] == "转送"
            # On the last of October the town had nothing of it yet: its report counts it and does not name it.
            town = october(county, "fushan", source)
            assert town.now["overdue"].numerator == 1
            assert [one[0] for one in late_rows(town)] == [privacy.ELSEWHERE]


@pytest.mark.django_db(transaction=True)
def test_a_limit_moved_after_the_months_end_neither_empties_a_list_nor_fails_the_report(county):
    with months.at(9, 20):
        number = petitions.registered(county).case.number
        refresh.refresh()
    case_id = Petition.objects.get(case__number=number).pk
    with months.at(11, 2):
        # As a new calendar of working days does: the limit is another one, and an act of that day stands with it.
        Deadline.objects.filter(case=case_id, key="pet.forward").update(due_on=date(2026, 11, 20))
        actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"))
        refresh.refresh()
    assert Fact.objects.get(pk=case_id).forward_due_on == date(2026, 11, 20)
    with months.at(11, 3):
        report = months.sealed(county)
        counted = october(county, "centre", Source(report.closing))
        assert counted.now["overdue"].numerator == 1
        assert [row[0] for row in late_rows(counted)] == [number]
        assert late_rows(counted)[0][5] > 0
        row = Fact.objects.get(pk=case_id)
        assert lists_on_paper._late_days(row, date(2026, 10, 31)) == (0, "—")


# -- one row, one past ----------------------------------------------------------------------------------------------------


def test_the_classes_and_the_share_of_the_reply_are_of_the_same_past(county):
    with months.at(9, 1):
        numbers = [petitions.closed(county).case.number, petitions.accepted(county).case.number]
        refresh.refresh()
    due = Fact.objects.get(case__number=numbers[0]).reply_due_on
    where = of_day(county, due, since=due - timedelta(days=40))
    codes = ["reply_on_time", "replied_in_time", "replied_late", "unanswered_running", "unanswered_late", "without_term"]
    with on(due + timedelta(days=1)):
        before = told(where, codes)
    assert before["reply_on_time"] == (1, 2)
    with on(due + timedelta(days=2)):
        actions.reopen(numbers[0], reason="不满意", due_on=clock.today() + timedelta(days=40), by=county.scope("office"))
        # The limit of the next round, or of another calendar, is another one.
        Deadline.objects.filter(case__number=numbers[0], due_on=due).update(due_on=due + timedelta(days=60))
        petitions.registered(county)
        refresh.refresh()
    with on(due + timedelta(days=3)):
        assert Fact.objects.get(case__number=numbers[0]).reply_due_on != due
        for facts in (None, Fact.objects.all()):
            assert told(where, codes, facts) == before
            cells = figures.split(codes, where, "unit", facts).rows[county.units["land"].id]
            parts = sum(cells[code].numerator for code in ("replied_in_time", "replied_late", "unanswered_late"))
            assert parts == cells["reply_on_time"].denominator == 2
        assert figures.case_ids("replied_in_time", where).count() == 1


# -- found by another date ------------------------------------------------------------------------------------------------


def test_by_day_of_registration_only_what_was_done_is_counted_as_done(county):
    closed, running = petitions.closed(county).case.number, petitions.accepted(county).case.number
    petitions.registered(county)
    disputes.registered(county)
    refresh.refresh()
    today = clock.today()
    where = of_day(county, today, since=today - timedelta(days=60)).within(basis=figures.Basis.REGISTERED)
    found = told(where, ["cases", "closed", "supervised", "avoided_skips", "disputes"])
    assert found == {"cases": (3, 3), "closed": (1, 1), "supervised": (0, 0), "avoided_skips": (0, 0), "disputes": (0, 0)}
    assert set(figures.case_ids("closed", where)) == {Petition.objects.get(case__number=closed).pk}
    assert Petition.objects.get(case__number=running).pk not in set(figures.case_ids("closed", where))
    assert sum(cells["closed"].denominator for cells in figures.split(["closed"], where, "unit").rows.values()) == 1
    for code, measure in MEASURES.items():
        ids = figures.case_ids(code, where)
        assert ids.count() == figures.read(code, where).denominator, code
        if not measure.is_stock:
            assert not Fact.objects.filter(pk__in=ids, **{f"{measure.cohort}__isnull": True}).exists(), code
