"""登记履行 (perform): item by item, part by part, with proof; the last one ends it (调解法§31; L-MED-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from casework.models import Attachment, Deadline
from casework.rules import NotAllowed
from mediation.actions import agreements, keeping
from mediation.models import Agreement, AgreementItem, DossierFile, Performance
from organisations import clock
from tests.casework.files import pdf
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestPerform(FiveOfTalks):
    code, made, wrong, doer, state = "perform", "agreed", "mediating", "village_cadre", "dispute_agreed"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"item_no": "1", "on": clock.today().isoformat(), "amount": "1500.50", "proof": "收条一张", "attachment_id": ""}

    def after(self, county: County, petition: Any) -> None:
        item = AgreementItem.objects.get(agreement__dispute=petition, no=1)
        assert (item.paid, item.done_on) == (Decimal("1500.50"), None)
        assert Performance.objects.get(item=item).proof == "收条一张"


@pytest.mark.django_db
def test_all_done_starts_the_visit(county):
    dispute = disputes_talks.performed(county)
    assert dispute.case.state == "dispute_performed"
    assert Agreement.objects.get(dispute=dispute).performed_on == clock.today()
    running = set(Deadline.objects.filter(case=dispute.case, met_on=None, dropped_on=None).values_list("key", flat=True))
    assert running == {"med.followup", "med.confirm"}
    assert Deadline.objects.get(case=dispute.case, key="med.perform", met_on=clock.today(), due_on=disputes_talks.day(20))


@pytest.mark.django_db
def test_the_next_item_runs_when_the_nearest_is_done(county):
    dispute = disputes_talks.agreed(county)
    by = county.scope("village_cadre")
    for no, due in ((1, 20), (3, 40)):
        dispute = agreements.perform(dispute.case.number, item_no=no, on=clock.today(), proof="双方确认", by=by)
        assert dispute.case.due_on == disputes_talks.day(due)


@pytest.mark.django_db
def test_never_more_than_is_owed(county):
    dispute = disputes_talks.agreed(county)
    by = county.scope("village_cadre")
    agreements.perform(dispute.case.number, item_no=1, on=clock.today(), amount=Decimal("3999.99"), proof="转账", by=by)
    with pytest.raises(NotAllowed, match=r"还欠 0\.01 元"):
        agreements.perform(dispute.case.number, item_no=1, on=clock.today(), amount=Decimal("0.02"), proof="转账", by=by)
    agreements.perform(dispute.case.number, item_no=1, on=clock.today(), amount=Decimal("0.01"), proof="转账", by=by)
    with pytest.raises(NotAllowed, match="已经履行完毕"):
        agreements.perform(dispute.case.number, item_no=1, on=clock.today(), amount=Decimal("0.01"), proof="转账", by=by)


@pytest.mark.django_db
def test_a_proof_is_a_file_of_this_case(county):
    dispute = disputes_talks.agreed(county)
    with pytest.raises(NotAllowed, match="本件的材料"):
        agreements.perform(dispute.case.number, item_no=1, on=clock.today(), proof="收条", attachment_id=1, by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_the_proof_stands_in_the_dossier(county):
    """L-MED-46 item 9: what was shown as proof is filed where the dossier looks for it."""
    dispute = disputes_talks.agreed(county)
    by = county.scope("village_cadre")
    keeping.attach(dispute.case.number, [pdf("收条.pdf")], by=by, label="收条")
    file = Attachment.objects.get(case=dispute.case)
    agreements.perform(dispute.case.number, item_no=1, on=clock.today(), proof="收条", attachment_id=file.pk, by=by)
    assert DossierFile.objects.get(attachment=file).item == "9"
    assert Performance.objects.get(item__agreement__dispute=dispute).attachment == file
