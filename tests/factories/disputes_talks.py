"""Disputes brought through the talks by the real acts: rights signed, a mediator named, a talk held, an agreement made, kept, broken, ended."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mediation.actions import agreements, endings, ladder, mediators, talks
from mediation.actions.agreements import Owed
from mediation.actions.talks import Said, Signed
from mediation.models import Dispute, Mediating, Side
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

CADRE = "village_cadre"


def parties(dispute: Dispute) -> dict[str, int]:
    """The first party of each side."""
    return {side.letter: side.party_id for side in Side.objects.filter(dispute=dispute).order_by("-party_id")}


def signed(dispute: Dispute) -> list[Signed]:
    return [Signed(party_id, "1") for _, party_id in sorted(parties(dispute).items())]


def informed(county: County, **changes: Any) -> Dispute:
    dispute = disputes.accepted(county, **changes)
    return talks.inform(dispute.case.number, signed=signed(dispute), on=clock.today(), by=county.scope(CADRE))


def with_mediator(county: County, **changes: Any) -> Dispute:
    """Rights signed on both sides, and the secretary of the village mediates."""
    dispute = informed(county, **changes)
    return ladder.name_mediator(dispute.case.number, to_user_id=county.people[CADRE].id, reason="调委会指定。", by=county.scope(CADRE))


def challenged(county: County) -> Dispute:
    dispute = with_mediator(county)
    row = Mediating.objects.get(dispute=dispute, until_on=None)
    return mediators.challenge(
        dispute.case.number,
        mediating_id=row.pk,
        letter="b",
        ground="relation",
        words="与甲方是多年邻居。",
        raised_on=clock.today(),
        by=county.scope(CADRE),
    )


def talk(dispute: Dispute, **changes: Any) -> dict[str, Any]:
    """A talk with both sides an hour ago, as typed."""
    ended = clock.now() - timedelta(minutes=5)
    facts: dict[str, Any] = {
        "kind": "joint",
        "began_at": ended - timedelta(minutes=50),
        "ended_at": ended,
        "place": "九曲村调解室",
        "present": sorted(parties(dispute).values()),
        "mediator_ids": list(Mediating.objects.filter(dispute=dispute, until_on=None).values_list("pk", flat=True)),
        "minutes": "双方当面陈述，现场查看院墙和排水沟，乙方承认翻建时没有通知甲方。",
        "gist": "乙方愿恢复排水沟，补偿数额有差距。",
        "said": [
            Said("a", ["拆除越界墙体", "恢复排水沟"], "asks", Decimal(12000)),
            Said("b", ["愿恢复排水沟", "墙体不拆"], "offers", Decimal(3000)),
        ],
    }
    facts.update(changes)
    return facts


def mediating(county: County, **changes: Any) -> Dispute:
    dispute = with_mediator(county, **changes)
    return talks.hold_session(dispute.case.number, **talk(dispute), by=county.scope(CADRE))


def terms(dispute: Dispute, **changes: Any) -> dict[str, Any]:
    """A written agreement of two instalments and a deed, as typed."""
    today = clock.today()
    facts: dict[str, Any] = {
        "form": "1",
        "facts": "乙方翻建院墙时向东移0.3米，堵住甲方排水沟。",
        "disputed": "墙体是否拆除、补偿多少。",
        "responsibilities": "乙方未事先通知甲方，承担主要责任。",
        "content": "乙方恢复排水沟并补偿甲方6500元，墙体保留。",
        "items": [
            Owed("money", "b", "a", "补偿款第一期", today + timedelta(days=10), Decimal("4000.00"), "转账"),
            Owed("money", "b", "a", "补偿款第二期", today + timedelta(days=40), Decimal("2500.00"), "转账"),
            Owed("deed", "b", "a", "恢复排水沟", today + timedelta(days=20)),
        ],
        "total": Decimal("6500.00"),
        "reached_on": today,
        "signed": signed(dispute),
        "signed_on": today,
        "sealed_on": today,
    }
    facts.update(changes)
    return facts


def agreed(county: County, **changes: Any) -> Dispute:
    dispute = mediating(county)
    return agreements.agree(dispute.case.number, **terms(dispute, **changes), by=county.scope(CADRE))


def on_the_spot(county: County) -> Dispute:
    """A simple dispute, agreed by word of mouth and performed at once."""
    dispute = mediating(county, difficulty="1")
    today = clock.today()
    changes = {
        "form": "2",
        "is_on_the_spot": True,
        "items": [Owed("money", "b", "a", "补偿款", today, Decimal("300.00"))],
        "total": Decimal("300.00"),
        "sealed_on": None,
        "signed": [],
    }
    return agreements.agree(dispute.case.number, **terms(dispute, **changes), by=county.scope(CADRE))


def performed(county: County) -> Dispute:
    dispute = agreed(county)
    for no in (1, 2, 3):
        dispute = agreements.perform(dispute.case.number, item_no=no, on=clock.today(), proof="收条，双方确认。", by=county.scope(CADRE))
    return dispute


def overdue(county: County) -> Dispute:
    """Agreed a month ago; the first instalment was due ten days later and was not paid."""
    with clock.at(clock.now() - timedelta(days=30)):
        return agreed(county)


def breached(county: County) -> Dispute:
    return agreements.breach(overdue(county).case.number, words="三次上门督促，乙方拒绝付款。", routes=["court", "again"], by=county.scope(CADRE))


def ended(county: County) -> Dispute:
    return endings.terminate(
        mediating(county).case.number,
        reason="2",
        words="多次调解，双方对补偿数额分歧过大。",
        way="litigation",
        routes=["litigation"],
        by=county.scope(CADRE),
    )


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


class FiveOfTalks(FiveOfDispute):
    """The five questions of an act of the talks."""

    rooms = (vars(disputes), globals())
