"""定难易与风险 (assess): a grade rests on facts and expires (opening 18)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.queries import dispute as queries
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestAssess(FiveOfDispute):
    code, made, wrong, doer, state = "assess", "accepted", "offered", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"difficulty": "3", "scale": "02", "risk": "middle", "facts": "10月3日双方推搡\n扬言上访", "review_on": disputes.in_days(20)}

    def after(self, county: County, petition: Any) -> None:
        assert petition.risk_facts == ["10月3日双方推搡", "扬言上访"]
        assert "group" in petition.case.marks


@pytest.mark.django_db
@pytest.mark.parametrize(("facts", "days", "words"), [([], 10, "事实"), (["推搡"], None, "复核日期"), (["推搡"], 0, "复核日期")])
def test_no_grade_without_facts_and_a_day_of_review(county, facts, days, words):
    number = disputes.accepted(county).case.number
    review_on = None if days is None else clock.today().fromisoformat(disputes.in_days(days))
    with pytest.raises(NotAllowed, match=words):
        ladder.assess(number, difficulty="2", scale="01", risk="high", facts=facts, review_on=review_on, by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_a_grade_not_reviewed_in_time_lapses(county, sign_in):
    number = disputes.accepted(county).case.number
    until = clock.today() + timedelta(days=5)
    ladder.assess(number, difficulty="2", scale="01", risk="high", facts=["10月3日双方推搡"], review_on=until, by=county.scope("village_cadre"))
    page = sign_in("village_cadre").get(f"/mediation/{number}/").content.decode()
    assert "风险高" in page
    with clock.at(clock.now() + timedelta(days=6)):
        late = queries.page(queries.find(number, county.scope("village_cadre")))
        assert queries.risk_words(late, clock.today()) == "风险等级到期失效，待复核"
        assert queries.is_risk_lapsed(late, clock.today())


@pytest.mark.django_db
def test_a_scale_corrected_downwards_takes_the_mark_of_a_group_off(county):
    number, by = disputes.accepted(county).case.number, county.scope("village_cadre")
    facts = {"difficulty": "2", "risk": "", "facts": [], "review_on": None, "by": by}
    assert "group" in ladder.assess(number, scale="02", **facts).case.marks
    assert "group" not in ladder.assess(number, scale="01", **facts).case.marks
