"""卷宗保管期限: a setting of the system administrator, from a day on (L-MED-51)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.rules import NotAllowed
from mediation.actions.keepterms import set_keep_term
from mediation.queries import closing
from organisations import clock
from organisations.models import AccessEntry

ADDRESS = "/mediation/keep-terms/"


@pytest.mark.django_db
def test_a_new_version_holds_from_its_day(county, sign_in):
    client = sign_in("system_admin")
    assert "10年" in client.get(ADDRESS).content.decode()
    tomorrow = clock.today() + timedelta(days=1)
    answer = client.post(ADDRESS, {"difficulty": "2", "years": "20", "valid_from": tomorrow.isoformat(), "reason": "县档案局要求"})
    assert answer.status_code == 302
    assert closing.terms(clock.today())["2"].years == 10
    assert closing.terms(tomorrow)["2"].words == "20年"
    assert AccessEntry.objects.filter(object_type="keep_term", object_id="2").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "days", "code"), [(9, 0, "years"), (20, -1, "past"), (10, 0, "nothing_changed"), (101, 0, "years")])
def test_what_is_refused(county, years, days, code):
    with pytest.raises(NotAllowed) as refused:
        set_keep_term(difficulty="2", years=years, valid_from=clock.today() + timedelta(days=days), reason="x", by=county.scope("system_admin"))
    assert refused.value.code == code


@pytest.mark.django_db
def test_nobody_else_sets_it(county, sign_in):
    with pytest.raises(NotAllowed):
        set_keep_term(difficulty="2", years=20, valid_from=clock.today(), reason="x", by=county.scope("office"))
    assert sign_in("village_cadre").get(ADDRESS).status_code == 404
