"""写结案报告 (write_report): M11, the last one stands in the dossier (L-MED-50)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Document
from casework.rules import NotAllowed
from mediation.actions import closing
from mediation.models import Mediating
from mediation.queries import closing as queries
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestWriteReport(FiveOfDispute):
    code, made, wrong, doer, state, paper = "write_report", "followed", "accepted", "village_cadre", "dispute_followed", "M11"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"summary": "墙体越界。", "result": "已拆除。", "opinion": ""}


@pytest.mark.django_db
def test_the_last_report_stands_in_the_dossier(county):
    dispute = disputes_closing.ended(county)
    for result in ("未达成。", "未达成，已告知诉讼。"):
        closing.write_report(dispute.case.number, summary="墙体越界。", result=result, by=county.scope("village_cadre"))
    rest = next(line for line in queries.volume(dispute) if line.item.code == "12")
    assert [paper.context["result"] for paper in rest.papers] == [["未达成，已告知诉讼。"]]


@pytest.mark.django_db
def test_who_mediated_does_not_review_his_own_case(county):
    dispute, facts = disputes_closing.ended(county), {"summary": "墙体越界。", "result": "未达成。", "opinion": "同意结案。"}
    with pytest.raises(NotAllowed) as refused:
        closing.write_report(dispute.case.number, **facts, by=county.scope("village_cadre"))
    assert refused.value.code == "own_review"
    Mediating.objects.filter(dispute=dispute).update(user=county.people["mediator"])
    closing.write_report(dispute.case.number, **facts, by=county.scope("village_cadre"))
    assert Document.objects.get(case=dispute.case, paper="M11").context["opinion"] == ["同意结案。"]
