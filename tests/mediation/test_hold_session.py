"""记录调解 (hold_session): who was there, what was said; the first one begins the mediating (L-MED-20, L-MED-48)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from casework.rules import NotAllowed
from mediation.actions import talks
from mediation.models import Attendance, Mediating, Position, Session
from organisations import clock
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestHoldSession(FiveOfTalks):
    code, made, wrong, doer, state, paper = "hold_session", "with_mediator", "agreed", "village_cadre", "dispute_mediating", "M05"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        ended = timezone.localtime(clock.now()) - timedelta(minutes=5)
        return {
            "kind": "joint",
            "letter": "",
            "began_at": f"{ended - timedelta(minutes=55):%Y-%m-%dT%H:%M}",
            "ended_at": f"{ended:%Y-%m-%dT%H:%M}",
            "place": "九曲村调解室",
            "present": sorted(disputes_talks.parties(petition).values()),
            "mediator_ids": list(Mediating.objects.filter(dispute=petition, until_on=None).values_list("pk", flat=True)),
            "guests": "何建平、王长贵",
            "is_agreed_to_guests": "on",
            "minutes": "双方当面陈述，现场查看了院墙和排水沟。",
            "gist": "乙方愿意恢复排水沟。",
            "points_a": "拆除越界墙体\n恢复排水沟",
            "wants_a": "asks",
            "amount_a": "12000",
            "points_b": "愿恢复排水沟",
            "wants_b": "offers",
            "amount_b": "3000.50",
        }

    def after(self, county: County, petition: Any) -> None:
        row = Session.objects.get(dispute=petition, state="held")
        assert row.document is not None
        parts = list(Attendance.objects.filter(session=row).values_list("part", flat=True))
        assert parts == ["party", "party", "mediator", "recorder", "guest", "guest"]
        assert dict(Position.objects.filter(dispute=petition).values_list("letter", "amount")) == {"a": Decimal(12000), "b": Decimal("3000.50")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"present": []}, "双方"),
        ({"kind": "apart", "letter": ""}, "哪一方"),
        ({"kind": "apart", "letter": "a"}, "只有谈话的一方"),
        ({"guests": ["老邻居"]}, "同意"),
        ({"mediator_ids": []}, "调解员"),
        ({"minutes": "谈了"}, "调解经过"),
    ],
)
def test_a_talk_that_did_not_happen_so_is_refused(county, changes, words):
    dispute = disputes_talks.with_mediator(county)
    with pytest.raises(NotAllowed, match=words):
        talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute, **changes), by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_not_in_the_future(county):
    dispute = disputes_talks.with_mediator(county)
    later = clock.now() + timedelta(hours=1)
    with pytest.raises(NotAllowed, match="结束时间"):
        talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute, ended_at=later), by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_the_page_shows_both_sides_and_the_gap(county, sign_in):
    dispute = disputes_talks.mediating(county)
    page = sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()
    for words in ("差距 9,000 元", "要求 12,000 元", "愿出 3,000 元", "拆除越界墙体", "50 分钟", "本步要做"):
        assert words in page
