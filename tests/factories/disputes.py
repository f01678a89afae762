"""Disputes for tests, made by walking the real actions as far as a test needs; and the five questions asked of their acts.

九曲村的陈桂兰与陈德旺: the village room holds it first, the station of 阜山镇 next. `village_cadre` keeps the room,
`town_handler` and `town_head` the station, `office` and `centre_head` the centre; `other_handler` of 辛庄镇 is the outsider.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from casework.parties import PartyFacts
from mediation.actions import intake as acts
from mediation.actions import ladder
from mediation.models import Dispute
from organisations import clock
from tests.factories.county import County
from tests.factories.five import FiveQuestions

DIFFERENCES = "双方对越界宽度认定不一致，已入户走访两次、当面调解一次。"


def person(name: str, letter: str, **changes: Any) -> acts.SidePerson:
    """A party as typed; numbers are synthetic."""
    known = {
        "陈桂兰": {"sex": "2", "id_type": "111", "id_number": "11010519491231002X", "phone": "13800132046"},
        "陈德旺": {"sex": "1", "id_type": "111", "id_number": "11010519680101001X", "phone": "13700135120"},
    }
    return acts.SidePerson(letter, PartyFacts(position="", name=name, **{**known.get(name, {}), **changes}))


def intake(county: County, **changes: Any) -> acts.Intake:
    facts: dict[str, Any] = {
        "title": "陈桂兰与陈德旺宅基地边界及排水纠纷",
        "story": "陈德旺翻建院墙时向东移约0.3米，堵住陈桂兰家排水沟，双方多次争吵。",
        "type_code": "03",
        "area_id": county.areas["jiuqu"].id,
        "received_on": clock.today(),
        "people": [person("陈桂兰", "a"), person("陈德旺", "b")],
        "demand": "拆除越界墙体，恢复排水沟。",
        "is_willing": True,
    }
    facts.update(changes)
    return acts.Intake(**facts)


def registered(county: County, **changes: Any) -> Dispute:
    return acts.register(intake(county, **changes), by=county.scope("village_cadre"))


def accepted(county: County, **changes: Any) -> Dispute:
    return ladder.accept(registered(county, **changes).case.number, is_willing=True, by=county.scope("village_cadre"))


def failed(county: County, **changes: Any) -> Dispute:
    return ladder.fail(accepted(county, **changes).case.number, words=DIFFERENCES, by=county.scope("village_cadre"))


def _second_step(county: County, **changes: Any) -> Dispute:
    """With 村民代表会议, the second step, which sits at the same room."""
    number = failed(county, **changes).case.number
    ladder.offer(number, reason="请村民代表会议评议。", by=county.scope("village_cadre"))
    return ladder.take(number, by=county.scope("village_cadre"))


def failed_twice(county: County, **changes: Any) -> Dispute:
    return ladder.fail(_second_step(county, **changes).case.number, words=DIFFERENCES, by=county.scope("village_cadre"))


def offered(county: County, **changes: Any) -> Dispute:
    """Offered to the town's station."""
    return ladder.offer(failed_twice(county, **changes).case.number, reason="需要专业测绘，请镇站调处。", by=county.scope("village_cadre"))


def leapt(county: County, made: str = "accepted", **changes: Any) -> Dispute:
    """Past the ladder to the centre on the word of the town's head."""
    number = {"registered": registered, "accepted": accepted, "failed": failed}[made](county, **changes).case.number
    danger = "双方各纠集二十余人，有械斗危险。"
    return ladder.leap(number, to_step=5, urgency=danger, reason="请县中心直接调处。", by=county.scope("town_head"))


def in_town(county: County, **changes: Any) -> Dispute:
    """Taken by the town's station."""
    return ladder.take(offered(county, **changes).case.number, by=county.scope("town_handler"))


def declined(county: County, **changes: Any) -> Dispute:
    return ladder.decline(
        registered(county, **changes).case.number, reason="法院已经受理，不得调解。", routes=["litigation"], by=county.scope("village_cadre")
    )


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


class FiveOfDispute(FiveQuestions):
    """The five questions of an act on a dispute. A stage's tests add their own rooms: `rooms = (vars(disputes), vars(disputes_talks))`."""

    rows = Dispute
    address = "/mediation/"
    kind = "dispute"
    nowhere = "TJ370685-2026-999999"
    rooms: ClassVar[tuple[dict[str, Any], ...]] = (globals(),)
