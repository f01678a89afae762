"""Who sees a case, computed a second time from the rule's words, for random cases and everybody (architecture §6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.models import Case, Counter, Reach
from organisations import clock
from organisations.models import Unit
from organisations.roles import ROLES
from petitions import actions
from petitions.models import Dispatch, Petition, Task
from tests.factories import petitions
from tests.factories.county import PERSONAS, County

pytestmark = pytest.mark.django_db
RELAXED = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
UNITS = ("land", "labour", "water", "fushan", "xinzhuang")


def sees_by_the_words(county: County, person: str, petition: Petition) -> bool:
    """Your unit or one below it is or was responsible, or your unit answers for the place, or you are named."""
    _, role, unit_key = PERSONAS[person]
    facts, case = ROLES[role], petition.case
    if facts.is_admin:
        return False
    named = {case.registered_by_id, case.handler_id} if case.confidential else {case.registered_by_id}
    if county.people[person].id in named:
        return True
    if case.confidential:
        return role == "discipline" and unit_key == "centre"
    if not facts.sees_unit:
        return False
    concerned = {case.unit_id, case.registered_unit_id}
    concerned |= set(Dispatch.objects.filter(petition=petition).values_list("to_unit_id", flat=True))
    concerned |= set(Task.objects.filter(petition=petition).values_list("unit_id", flat=True))
    place = case.area
    for unit in Unit.objects.all():
        if unit.area_id in (place.id, place.parent_id) and place.level != "county":
            concerned.add(unit.id)
        if unit.villages.filter(pk=place.pk).exists():
            concerned.add(unit.id)
    mine = f"/{county.units[unit_key].id}/"
    return any(mine in Unit.objects.get(pk=pk).path for pk in concerned)


@RELAXED
@given(
    area=st.sampled_from(["jiuqu", "laochi", "dongliang", "fushan"]),
    purpose=st.sampled_from(["02", "02", "04", "03"]),
    registrar=st.sampled_from(["clerk", "village_cadre", "town_handler", "other_handler"]),
    route_to=st.sampled_from([None, *UNITS]),
    joint=st.booleans(),
)
def test_everybody_sees_exactly_what_the_rule_says(county, area, purpose, registrar, route_to, joint):
    petition = actions.register(petitions.intake(county, area_id=county.areas[area].id, purpose=purpose), by=county.scope(registrar))
    if route_to and purpose != "03":
        other = county.units["water" if route_to != "water" else "labour"].id
        tasks = [actions.TaskFacts(other, "协助", clock.today() + timedelta(days=3))] if joint else []
        petition = actions.route(
            petition.case.number,
            mode="LDB" if joint else "LJB",
            to_unit_id=county.units[route_to].id,
            words="请办理",
            tasks=tasks,
            by=county.scope("office"),
        )
    petition = Petition.objects.select_related("case__area").get(pk=petition.pk)
    for person in PERSONAS:
        seen = Case.objects.visible_to(county.scope(person)).filter(pk=petition.pk).exists()
        assert seen == sees_by_the_words(county, person, petition), person


@RELAXED
@given(outcomes=st.lists(st.booleans(), min_size=1, max_size=12))
def test_numbers_run_without_gap_whatever_fails_between(county, outcomes):
    """True registers, False breaks off after the number was taken."""
    Reach.objects.all().delete()
    before = Counter.objects.filter(series__startswith="case:370685").values_list("value", flat=True).first() or 0
    numbers = []
    for succeeds in outcomes:
        if succeeds:
            numbers.append(petitions.registered(county).case.number)
            continue
        with pytest.raises(Exception, match="value too long"):
            petitions.registered(county, place="远" * 200)
    assert [int(number[-6:]) for number in numbers] == list(range(before + 1, before + 1 + len(numbers)))
