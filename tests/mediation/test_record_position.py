"""记一方意见 (record_position): the newest of a side is where it stands; the gap of both is drawn (调解法§22)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import talks
from mediation.actions.talks import Said
from mediation.models import Position
from mediation.queries import dispute as queries
from mediation.queries.talks import gap
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestRecordPosition(FiveOfTalks):
    code, made, wrong, doer, state = "record_position", "with_mediator", "agreed", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"letter": "a", "points": "恢复排水沟\n赔偿损失", "wants": "asks", "amount": "25000"}

    def after(self, county: County, petition: Any) -> None:
        row = Position.objects.get(dispute=petition)
        assert (row.letter, row.points, row.amount) == ("a", ["恢复排水沟", "赔偿损失"], Decimal(25000))


@pytest.mark.django_db
def test_the_gap_closes(county):
    dispute = disputes_talks.mediating(county)
    by = county.scope("village_cadre")
    talks.record_position(dispute.case.number, said=Said("b", [], "offers", Decimal("5000.50")), by=by)
    found = gap(queries.page(dispute))
    assert found is not None
    assert found.words == "差距 6,999.50 元（开始时 9,000 元）"
    talks.record_position(dispute.case.number, said=Said("a", ["可以"], "asks", Decimal("5000.50")), by=by)
    assert gap(queries.page(dispute)).words == "双方金额已经一致"


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "words"), [(Said("a", []), "意见"), (Said("a", [], "", Decimal(1)), "要求"), (Said("c", ["x"]), "没有这一方")])
def test_nothing_said_is_refused(county, said, words):
    with pytest.raises(NotAllowed, match=words):
        talks.record_position(disputes_talks.with_mediator(county).case.number, said=said, by=county.scope("village_cadre"))
