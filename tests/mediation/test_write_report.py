"""写结案报告 (write_report): M11, the last one stands in the dossier (L-MED-50)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.actions import closing
from mediation.queries import closing as queries
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestWriteReport(FiveOfDispute):
    code, made, wrong, doer, state, paper = "write_report", "followed", "accepted", "village_cadre", "dispute_followed", "M11"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"summary": "墙体越界。", "result": "已拆除。", "opinion": "同意结案。"}


@pytest.mark.django_db
def test_the_last_report_stands_in_the_dossier(county):
    dispute = disputes_closing.ended(county)
    for result in ("未达成。", "未达成，已告知诉讼。"):
        closing.write_report(dispute.case.number, summary="墙体越界。", result=result, opinion="同意。", by=county.scope("village_cadre"))
    rest = next(line for line in queries.volume(dispute) if line.item.code == "12")
    assert [paper.context["result"] for paper in rest.papers] == [["未达成，已告知诉讼。"]]
