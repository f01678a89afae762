"""Nobody's figure gets better by what the dictionary is not about (beyond.md, opening 4): each attempt against the honest way.

Each test does the trick, then asks what stands in the table by unit for who did it, for the days in which it counts.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from organisations import clock
from petitions import actions
from petitions.models import Petition
from reports.actions import refresh
from reports.queries import figures, ground
from reports.queries.figures import Figure, Selection
from reports.rules.measures import MEASURES, Sort
from reports.rules.periods import Period
from tests.factories import five, petitions
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


#: What says where matters lie and what they are, and so goes with them: no promise, no result, nothing a unit is ranked or held to
#: a target by. What a unit let run out stays with it in the promises below, whoever holds the matter afterwards.
WHERE_IT_LIES = {
    *("cases", "visits", "visitors", "groups", "group_visitors", "repeat_rate", "online_rate", "higher", "to_capital", "to_province"),
    *("level_skips", "avoided_skips", "without_term", "open", "overdue", "due_today", "near", "aged_15", "aged_30", "aged_60", "aged_over"),
    *("supervised", "yellow", "red", "urged"),
}
#: Disputes are counted by the body that has them; handing up a step is the ladder's own way (三级六步).
OF_DISPUTES = {code for code, measure in MEASURES.items() if measure.kind == "dispute"}
PROMISES = sorted(code for code, measure in MEASURES.items() if measure.better and code not in WHERE_IT_LIES | OF_DISPUTES)


def test_every_measure_of_petitions_is_either_told_where_it_lies_or_stays_with_who_answered_for_it():
    by_holder = {code for code, measure in MEASURES.items() if measure.answers == "unit_id" and code not in OF_DISPUTES}
    assert by_holder == WHERE_IT_LIES
    assert not any(MEASURES[code].target for code in WHERE_IT_LIES)
    assert {code for code, measure in MEASURES.items() if measure.target} <= {*PROMISES, "settled_rate"}


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


@pytest.mark.parametrize(
    ("start", "trick"),
    [
        (late_reply, merge_away),
        (late_reply, mark_as_repeat),
        (late_notice, mark_as_repeat),
        (ended_badly, mark_as_repeat),
        (ended_badly, open_again),
    ],
)
def test_no_trick_makes_any_promise_or_result_of_any_unit_better(county, start, trick):
    number, other = start(county), petitions.routed(county, to="labour").case.number
    units = ("land", "centre")

    def stands() -> dict[tuple[str, str], tuple[int, int]]:
        where = everything(county)
        rows = figures.split(PROMISES, where, "unit").rows
        empty = {code: Figure(MEASURES[code], 0, 0) for code in PROMISES}
        held = {unit: rows.get(county.units[unit].id, empty) for unit in units}
        return {(unit, code): (held[unit][code].numerator, held[unit][code].denominator) for unit in units for code in PROMISES}

    before = stands()
    with clock.at(clock.now() + timedelta(days=1)):
        trick(number, other, county)
        after = stands()
    assert [key for key in before if is_better(key[1], before[key], after[key])] == []
