"""Nobody's figure gets better by what the dictionary is not about (beyond.md, opening 4): each attempt against the honest way.

Each test does the trick, then asks what stands in the table by unit for who did it, for the days in which it counts.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import escalation
from casework.rules import NotAllowed
from mediation import codes as dispute_sorts
from organisations import clock
from petitions import actions, codes
from petitions.actions import terms
from petitions.actions.referring import refer
from petitions.actions.supervision import urge
from petitions.models import Petition
from reports.actions import refresh
from reports.queries import figures, ground
from reports.queries.figures import Figure, Selection
from reports.rules.measures import MEASURES, Sort
from reports.rules.periods import Period
from tests.factories import five, petitions, supervised
from tests.factories import terms as limits_made

pytestmark = pytest.mark.django_db


def ago(days: int):
    return clock.at(clock.now() - timedelta(days=days))


def everything(county) -> Selection:
    """The county, from long ago to the far end of running limits, true of today."""
    refresh.refresh()
    today = clock.today()
    return Selection(Period(today - timedelta(days=400), today + timedelta(days=400)), today, ground.of_unit(county.units["centre"].id))


def of(code: str, county, unit: str) -> Figure:
    rows = figures.split([code], everything(county), "unit").rows
    found = rows.get(county.units[unit].id)
    return found[code] if found else Figure(MEASURES[code], 0, 0)


def pair(code: str, county, unit: str) -> tuple[int, int]:
    found = of(code, county, unit)
    return found.numerator, found.denominator


def test_forwarding_on_the_last_day_to_the_wrong_unit_is_late_for_the_centre_and_a_wrong_hand_over(county):
    with ago(17):
        petition = petitions.registered(county)
    with ago(2):
        number = actions.route(petition.case.number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office")).case
    with ago(1):
        actions.object_to(number.number, reason="不属本单位职权。", by=county.scope("handler"))
    actions.agree_return(number.number, words="同意。", by=county.scope("office"))
    actions.route(number.number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office"))
    assert pair("office_acceptance", county, "centre") == (0, 1)
    assert pair("misrouted", county, "centre") == (1, 1)
    # Who was sent what is not theirs, and said so in time, carries nothing.
    assert pair("unit_acceptance", county, "land") == (0, 0)


def test_letting_the_notice_run_out_and_having_the_matter_taken_away_keeps_the_miss(county):
    with ago(30):
        number = petitions.routed(county).case.number
        actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
        actions.refuse_return(number, words="应由你单位办理。", by=county.scope("office"))
    assert pair("unit_acceptance", county, "land") == (0, 1)
    actions.sign(number, by=county.scope("handler"))
    actions.accept(number, words="已收到，将依法调查核实。", by=county.scope("handler"))
    assert pair("unit_acceptance", county, "land") == (0, 1)


def test_ping_pong_between_units_never_starts_the_centres_days_afresh(county):
    with ago(20):
        number = five.returned(county).case.number
    actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office"))
    assert pair("office_acceptance", county, "centre") == (0, 1)
    assert pair("misrouted", county, "centre") == (1, 1)


def test_closing_and_opening_again_is_no_solution_in_one_round_and_takes_no_rating_back(county):
    petition = petitions.reported(county)
    actions.feedback(
        petition.case.number,
        way="phone",
        on=clock.today(),
        words="不满意。",
        is_reached=True,
        office_rating="0",
        unit_rating="3",
        reason="没有解决",
        by=county.scope("office"),
    )
    number = actions.close(petition.case.number, by=county.scope("office")).case.number
    assert pair("satisfaction", county, "land") == (0, 1)
    assert pair("once", county, "land") == (0, 1)
    actions.reopen(number, reason="不满意", due_on=clock.today() + timedelta(days=10), by=county.scope("office"))
    # Opened again: the first answer and what was said of it stand.
    assert pair("satisfaction", county, "land") == (0, 1)
    assert pair("participation", county, "land") == (1, 1)
    assert pair("reply_on_time", county, "land") == (1, 1)


def test_marking_as_a_repeat_afterwards_takes_neither_the_miss_nor_the_rating_away(county):
    first = petitions.registered(county)
    number = petitions.fed_back(county).case.number
    before = {code: pair(code, county, "land") for code in ("satisfaction", "unit_acceptance")}
    with clock.at(clock.now() + timedelta(days=1)):
        actions.link(number, other=first.case.number, kind="repeat", reason="同一事项", by=county.scope("office"))
        assert {code: pair(code, county, "land") for code in before} == before
        assert pair("repeat_rate", county, "land") == (1, 1)


def test_a_repeat_found_at_the_counter_is_left_out_from_the_first(county):
    first = petitions.registered(county)
    again = petitions.registered(county)
    actions.link(again.case.number, other=first.case.number, kind="repeat", reason="同一事项", by=county.scope("clerk"))
    with clock.at(clock.now() + timedelta(days=60)):  # both limits have run out
        found = figures.read_many(["office_acceptance", "repeat_rate", "cases"], everything(county))
    assert found["office_acceptance"].denominator == 1
    assert (found["repeat_rate"].numerator, found["repeat_rate"].denominator) == (1, 2)


def test_coming_again_counts_against_who_closed_the_first(county):
    closed = petitions.closed(county)
    assert pair("once", county, "land") == (1, 1)
    again = petitions.registered(county)
    actions.link(again.case.number, other=closed.case.number, kind="repeat", reason="同一事项", by=county.scope("clerk"))
    assert pair("once", county, "land") == (0, 1)


def test_registering_the_same_visit_twice_adds_no_people(county):
    first = petitions.registered(county, headcount=12)
    second = petitions.registered(county, headcount=12)
    actions.merge(second.case.number, into=first.case.number, reason="同一次来访", by=county.scope("office"))
    found = figures.read_many(["visits", "visitors", "group_visitors"], everything(county))
    assert (found["visits"].numerator, found["visitors"].numerator, found["group_visitors"].numerator) == (2, 12, 12)


def test_merging_takes_no_limit_away(county):
    with ago(100):
        late = petitions.accepted(county).case.number
    main = petitions.accepted(county).case.number
    assert pair("reply_on_time", county, "land") == (0, 1)
    actions.merge(late, into=main, reason="同一事项", by=county.scope("office"))
    assert pair("reply_on_time", county, "land") == (0, 1)
    assert of("unanswered_late", county, "land").numerator == 1


def test_declining_quickly_makes_neither_the_mean_days_nor_the_solutions_better(county):
    with ago(10):
        number = petitions.registered(county).case.number
    solved = petitions.closed(county)
    before = {code: pair(code, county, "land") for code in ("days", "once", "satisfaction", "participation")}
    actions.decline(number, code="A9", words="不属本机关职权范围。", remedy="向主管部门提出", by=county.scope("office"))
    actions.approve_decline(number, by=county.scope("centre_head"))
    assert {code: pair(code, county, "land") for code in before} == before
    assert {code: pair(code, county, "centre")[1] for code in before} == dict.fromkeys(before, 0)
    assert Petition.objects.get(pk=solved.pk).settled_as == "solved"


def test_a_matter_that_became_protected_keeps_its_miss_in_the_countys_total(county):
    with ago(100):
        number = petitions.accepted(county).case.number
    assert pair("reply_on_time", county, "land") == (0, 1)
    actions.amend(number, {"purpose": "03"}, reason="实为检举控告", by=county.scope("office"))
    assert Petition.objects.get(case__number=number).case.confidential
    total = figures.read("reply_on_time", everything(county))
    assert (total.numerator, total.denominator) == (0, 1)
    assert pair("reply_on_time", county, "land") == (0, 0)  # in no row of a table (L-PET-86)


def test_a_suspended_limit_is_neither_late_nor_in_time_until_it_runs_on(county):
    number = limits_made.suspended(county).case.number
    assert pair("reply_on_time", county, "land") == (0, 0)
    assert pair("without_term", county, "land") == (1, 1)
    assert Petition.objects.get(case__number=number).case.marks


def test_a_direct_answer_counts_for_the_centre_and_for_no_unit(county):
    number = petitions.registered(county).case.number
    results = dict.fromkeys((1, 2), ("1", "已逐项解答", "信访工作条例"))
    actions.answer(number, results=results, text="当场答复。", outcome="explained", by=county.scope("clerk"))
    assert pair("office_acceptance", county, "centre") == (1, 1)
    assert pair("unit_acceptance", county, "land") == (0, 0)
    assert pair("satisfaction", county, "land") == (0, 0)


# -- every measure that is counted by unit --------------------------------------------------------------------------------


#: Of disputes by unit they are asked in test_carried.
OF_DISPUTES = {code for code, measure in MEASURES.items() if measure.kind == "dispute"}
#: Everything that is better or worse by unit; in a table by town everything but what lies there today.
PROMISES = sorted(code for code, measure in MEASURES.items() if measure.direction("unit") and code not in OF_DISPUTES)
OF_TOWNS = sorted(code for code, measure in MEASURES.items() if measure.direction("town") and not measure.is_stock)


def test_what_goes_with_its_holder_has_no_better_and_no_worse_by_unit_and_nothing_has_by_person():
    for code, measure in MEASURES.items():
        assert not measure.direction("handler"), code
        assert bool(measure.direction("unit")) == (bool(measure.better) and measure.answers != "unit_id"), code
        assert measure.direction("town") == measure.better, code
    # What a unit is held to a target by is never what only lies there.
    assert all(measure.direction("unit") for measure in MEASURES.values() if measure.target)
    assert {"yellow", "red", "urged", "supervised", "settled_rate"} <= {code for code, measure in MEASURES.items() if measure.direction("unit")}


def is_better(code: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether somebody gained: a miss or a bad mark gone, a hit or a good one more."""
    measure = MEASURES[code]
    (was, of_was), (now, of_now) = before, after
    if measure.cohort == "closed_on" and not of_now:
        return False  # open again: nothing is said of it until it ends, and then that it was opened again
    if measure.sort is Sort.DAYS:
        return bool(of_was) and now * of_was < was * of_now
    if measure.better == "down":
        return now < was
    return now > was or of_now - now < of_was - was


def late_notice(county) -> str:
    """An objection nobody decided while the days of the notice ran out."""
    with ago(40):
        number = petitions.routed(county).case.number
        actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
    return number


def late_reply(county) -> str:
    with ago(100):
        return petitions.accepted(county).case.number


def running_reply(county) -> str:
    return petitions.accepted(county).case.number


def sent_today(county) -> str:
    return petitions.routed(county).case.number


def signed_late(county) -> str:
    """Signed for, and the days of the notice ran out."""
    with ago(40):
        return petitions.signed(county).case.number


def merge_away(number: str, other: str, county) -> None:
    actions.merge(number, into=other, reason="同一事项", by=county.scope("office"))


def mark_as_repeat(number: str, other: str, county) -> None:
    actions.link(number, other=other, kind="repeat", reason="同一事项", by=county.scope("office"))


def ended_badly(county) -> str:
    petition = petitions.reported(county)
    said = {"is_reached": True, "office_rating": "3", "unit_rating": "3", "reason": "没有解决"}
    actions.feedback(petition.case.number, way="phone", on=clock.today(), words="不满意。", **said, by=county.scope("office"))
    return actions.close(petition.case.number, by=county.scope("office")).case.number


def open_again(number: str, other: str, county) -> None:
    actions.reopen(number, reason="不满意", due_on=clock.today() + timedelta(days=10), by=county.scope("office"))


def given_everything(county) -> str:
    """Urged and carded while nobody decided on the unit's objection."""
    with ago(70):
        number = petitions.routed(county).case.number
        urge(number, words="请抓紧办理。", by=county.scope("office"))
        actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
    with ago(2):
        escalation.sweep()
    return number


def supervised_matter(county) -> str:
    return supervised.running_supervision(county).case.number


def forward_on(number: str, other: str, county) -> None:
    actions.agree_return(number, words="同意。", by=county.scope("office"))
    actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office"))


def hand_to_a_colleague(number: str, other: str, county) -> None:
    """By whom the matter is in the hands of: only the owner may."""
    owner = Petition.objects.get(case__number=number).case.handler
    person = next((name for name, user in county.people.items() if user == owner), "handler")
    actions.hand_over(number, to_user_id=county.people["handler2"].pk, words="请接着办。", by=county.scope(person))


def suspend_it(number: str, other: str, county) -> None:
    until = clock.today() + timedelta(days=20)
    held = {"ground": "2", "words": "已委托测绘机构鉴定四至。", "evidence": "鉴定委托书", "expected_until_on": until}
    terms.suspend(number, **held, by=county.scope("head"))


def extend_it(number: str, other: str, county) -> None:
    terms.ask_extension(number, days=30, reason="需委托测绘鉴定，结论尚未作出。", by=county.scope("handler"))
    terms.approve_extension(number, words="同意。", by=county.scope("head"))


def guide_away(number: str, other: str, county) -> None:
    route = next(code for code in codes.LAWFUL_ROUTES if code != codes.PETITION_ROUTE)
    actions.guide(number, routes=[route], answers={}, words="请向有权机关提出。", by=county.scope("handler"))


def say_it_is_not_ours(number: str, other: str, county) -> None:
    actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))


def decline_it(number: str, other: str, county) -> None:
    actions.decline(number, code="A9", words="不属本机关职权范围。", remedy="向主管部门提出", by=county.scope("handler"))
    actions.approve_decline(number, by=county.scope("head"))


def give_to_mediators(number: str, other: str, county) -> None:
    """Out of the house's own steps to a body of the ladder of disputes."""
    said = {"sort": next(iter(dispute_sorts.TYPES)), "opponent": "周建国", "is_organisation": False, "is_agreed": True}
    refer(number, **said, reason="属于邻里之间的纠纷。", by=county.scope("handler"))


def take_back(number: str, other: str, county) -> None:
    actions.withdraw(number, words="信访人撤回。", by=county.scope("handler"))


def register_again(number: str, other: str, county) -> None:
    again = petitions.registered(county)
    actions.link(again.case.number, other=number, kind="repeat", reason="同一事项", by=county.scope("office"))


#: Not a gain of the unit's own making: another, the centre, ruled that what it was sent was not its matter, and the unit had said
#: so within its days (L-PET-20); the wrong hand-over counts against who sent it.
RULED = {forward_on: "unit_acceptance"}
STARTS = (late_reply, running_reply, signed_late, sent_today, late_notice, given_everything, supervised_matter, ended_badly)
#: Each with what it can be done to at all; elsewhere it is refused, and then nothing may have changed either.
TRICKS = {
    merge_away: {late_reply, supervised_matter},
    mark_as_repeat: set(STARTS),
    open_again: {ended_badly},
    forward_on: {late_notice, given_everything},
    hand_to_a_colleague: {late_reply},
    suspend_it: {running_reply, supervised_matter},
    extend_it: {running_reply},
    guide_away: {signed_late},
    say_it_is_not_ours: {sent_today},
    decline_it: {signed_late},
    give_to_mediators: {late_reply, running_reply},
    take_back: {late_reply},
    register_again: {ended_badly},
}


@pytest.mark.parametrize("trick", list(TRICKS))
def test_no_trick_makes_any_figure_of_any_unit_or_town_better(county, trick):
    """Against the same county had it not been done: every measure that has a better, by unit and by town."""
    numbers = {start: start(county) for start in STARTS}
    other = petitions.routed(county, to="labour").case.number

    def stands() -> dict[tuple[str, object, str], tuple[int, int]]:
        where, found = everything(county), {}
        for by, asked in (("unit", PROMISES), ("town", OF_TOWNS)):
            for key, cells in figures.split(asked, where, by).rows.items():
                found |= {(by, key, code): (figure.numerator, figure.denominator) for code, figure in cells.items()}
        return found

    land = county.units["land"].id
    done = set()
    with clock.at(clock.now() + timedelta(days=1)):
        before = stands()
        assert all(before["unit", land, code][0] for code in ("yellow", "red", "urged", "supervised"))
        for start, number in numbers.items():
            try:
                trick(number, other, county)
            except NotAllowed:
                continue
            done.add(start)
            after = stands()
            better = [key for key in {**before, **after} if is_better(key[2], before.get(key, (0, 0)), after.get(key, (0, 0)))]
            assert [(start, *key, before.get(key), after.get(key)) for key in better if key[2] != RULED.get(trick)] == []
            before = after
    assert done >= TRICKS[trick], done
