"""Random people walk random disputes up the ladder: what the page offers is not refused, and the ladder stays a ladder (MED-2)."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from casework import chain
from mediation.models import Dispute, HandOver, Rung
from mediation.queries import dispute as queries
from mediation.queries import ladder
from mediation.rules import LAST, State
from mediation.rules import ladder as rules
from mediation.views.registry import REGISTRY
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County

PEOPLE = ("village_cadre", "town_handler", "town_head", "office", "centre_head", "mediator", "leader", "other_handler")


def typed(code: str, county: County, dispute: Dispute, rng: Random) -> dict[str, Any]:
    match code:
        case "accept":
            return {"is_willing": True}
        case "decline":
            return {"reason": "法院已经受理。", "routes": ["litigation"]}
        case "assess":
            return {
                "difficulty": rng.choice("1234"),
                "scale": "01",
                "risk": "high",
                "facts": ["双方推搡"],
                "review_on": clock.today() + timedelta(days=9),
            }
        case "alarm":
            return {"facts": "扬言动手", "measures": "值守", "police": "派出所", "told_at": clock.now()}
        case "fail" | "give_back" | "call_off":
            return {"words": disputes.DIFFERENCES}
        case "offer" | "void":
            return {"reason": "请上一级调处。"}
        case "leap":
            return {"to_step": rng.randint(dispute.step + 1, LAST), "urgency": "双方纠集多人，有械斗危险。", "reason": "请直接调处。"}
        case "name_mediator":
            return {"to_user_id": county.people["town_handler"].id, "reason": "指定。"}
        case "note":
            return {"text": "电话联系。"}
        case "amend":
            return {"reason": "更正", "place": f"第{rng.randint(1, 10**6)}号"}
    return {}


def check(dispute: Dispute, steps_before: list[int]) -> None:
    """What must hold after every act."""
    rungs = list(Rung.objects.filter(dispute=dispute))
    running = [row for row in rungs if row.ended_on is None]
    waiting = list(HandOver.objects.filter(dispute=dispute, answer=""))
    closed = dispute.case.closed_at is not None
    assert len(running) == (0 if closed else 1)
    assert len(waiting) == (1 if dispute.case.state == State.OFFERED else 0)
    if running:
        assert running[0].step == dispute.step
        assert running[0].unit_id == dispute.case.unit_id
        body = ladder.bodies(clock.today())[dispute.step]
        assert dispute.case.unit_id == ladder.seat(body, dispute.case.area_id)
    climbed = [row.step for row in rungs]
    assert climbed == sorted(set(climbed))
    taken = HandOver.objects.filter(dispute=dispute, answer="taken").order_by("id")
    assert climbed[1:] == [row.to_step for row in taken]
    assert all(row.to_step == row.from_step + 1 or row.urgency for row in taken)
    assert climbed[: len(steps_before)] == steps_before


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(10))
def test_the_ladder_stays_a_ladder(county, seed):
    rng = Random(seed)
    number = disputes.registered(county).case.number
    climbed: list[int] = []
    done = 0
    for _ in range(40):
        person = rng.choice(PEOPLE)
        scope = county.scope(person)
        try:
            dispute = queries.find(number, scope)
        except Dispute.DoesNotExist:
            continue
        offered = [code for code in queries.lawful(queries.page(dispute), scope) if code in rules.STEPS]
        if not offered:
            continue
        code = rng.choice(offered)
        dispute = REGISTRY[code].call(number, by=scope, version=dispute.case.version, **typed(code, county, dispute, rng))
        done += 1
        check(dispute, climbed)
        climbed = list(Rung.objects.filter(dispute=dispute).values_list("step", flat=True))
        if dispute.case.closed_at is not None:
            break
    assert done
    assert list(chain.verify_cases()) == []
