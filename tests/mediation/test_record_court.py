"""记法庭办理 (record_court): the five questions; six stages as dated rows, fee waived (HALL-17)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from casework.rules import NotAllowed
from mediation.actions import court
from mediation.models import CourtMatter, CourtRecord
from organisations import clock
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestRecordCourt(FiveOfDispute):
    code, made, wrong, doer, state = "record_court", "in_court", "out_of_court", "judge", "dispute_in_court"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {
            "stage": "2",
            "on": clock.today().isoformat(),
            "staff": "于法官、书记员李",
            "words": "当日立案，免收诉讼费，庭前先行调解。",
            "court_number": "（2026）鲁0685民初12号",
            "fee_waived": "50",
        }

    def after(self, county, dispute):
        row = CourtRecord.objects.get(matter__dispute=dispute)
        assert (row.stage, row.staff) == ("2", "于法官、书记员李")
        matter = CourtMatter.objects.get(dispute=dispute)
        assert (matter.court_number, matter.fee_waived) == ("（2026）鲁0685民初12号", Decimal("50"))


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_lies_between_the_sending_and_today(county, days):
    number = disputes_joint.in_court(county).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "wrong_day"):
        court.record_court(number, stage="1", on=clock.today() + timedelta(days=days), staff="于法官", words="接访。", by=county.scope("judge"))
