"""调查 (inquire): by two, in writing, each page signed (L-MED-48)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casework.models import Document
from casework.rules import NotAllowed
from mediation.actions import closing
from mediation.models import Inquiry
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


def _minutes_ago(minutes: int) -> str:
    return timezone.localtime(clock.now() - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


class TestInquire(FiveOfDispute):
    code, made, wrong, doer, state, paper = "inquire", "accepted", "ended", "village_cadre", "dispute_accepted", "M04"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {
            "asked": "孙有福",
            "asked_facts": "男，66岁，双方邻居",
            "askers": "孙村、何建平",
            "recorder": "何建平",
            "place": "孙有福家中",
            "began_at": _minutes_ago(60),
            "ended_at": _minutes_ago(20),
            "content": "问：原来的墙在哪里？\n答：在老枣树西边。",
            "signed": "each",
        }

    def after(self, county: County, petition: Any) -> None:
        row = Inquiry.objects.get(dispute=petition)
        assert row.askers == "孙村、何建平"
        assert Document.objects.get(case=petition.case, paper="M04").context["content"][1] == "答：在老枣树西边。"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"askers": ["孙村"]}, "two_needed"),
        ({"askers": ["孙村", "孙村"]}, "two_needed"),
        ({"signed": "refused"}, "reason_needed"),
        ({"ended_at": timedelta(hours=-3)}, "wrong_times"),
        ({"ended_at": timedelta(hours=1)}, "wrong_times"),
    ],
)
def test_what_is_refused(county, changes, code):
    now = clock.now()
    facts = {
        "asked": "孙有福",
        "asked_facts": "男，邻居",
        "askers": ["孙村", "何建平"],
        "recorder": "何建平",
        "place": "村委会",
        "began_at": now - timedelta(hours=2),
        "ended_at": now,
        "content": "问答",
        "signed": "each",
        **changes,
    }
    if isinstance(facts["ended_at"], timedelta):
        facts["ended_at"] = now + facts["ended_at"]
    with pytest.raises(NotAllowed) as refused:
        closing.inquire(disputes.accepted(county).case.number, **facts, by=county.scope("village_cadre"))
    assert refused.value.code == code
    assert not Inquiry.objects.exists()
