"""Whatever people do in whatever order, facts and tallies equal a full recount after a refresh (property)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.rules import NotAllowed
from petitions.models import Petition
from reports.actions import refresh
from reports.queries import proof
from tests.factories.petitions import allowed_acts
from tests.petitions.test_state_machine import STARTS, WALKS, calls

pytestmark = pytest.mark.django_db


@settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(walk=WALKS, start=st.sampled_from(STARTS), halt=st.integers(0, 12))
def test_facts_and_tallies_equal_a_recount_after_any_walk(county, walk, start, halt):
    case = start(county).case
    refresh.refresh()
    for at, (person, pick, unit) in enumerate(walk[:16]):
        case.refresh_from_db()
        table = calls(county, case.number, person, unit)
        lawful = [code for code in table if code in allowed_acts(case, county.scope(person))]
        options = lawful or list(table)
        try:
            table[options[pick % len(options)]]()
        except (NotAllowed, Petition.DoesNotExist):
            continue
        if at == halt:
            refresh.refresh()
    refresh.refresh()
    assert list(proof.differences()) == []
