"""Petitions for tests, made by walking the real actions as far as a test needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework.models import Case
from casework.parties import PartyFacts
from casework.rules import Step, allowed
from organisations import clock
from organisations.scope import Scope
from petitions import actions
from petitions.models import Petition
from petitions.queries.acts import place_of
from petitions.rules import STEPS
from tests.factories.county import County


def intake(county: County, **changes: Any) -> actions.Intake:
    """A plain boundary quarrel in 九曲村; change what the test is about."""
    facts: dict[str, Any] = {
        "title": "邻居砌墙占用宅基地",
        "story": "信访人称：邻居翻建院墙时向东移约0.6米，占用其宅基地并堵住排水沟。",
        "points": ["重新丈量确认四至", "拆除越界部分"],
        "channel": "200",
        "purpose": "02",
        "topic_code": "010303",
        "area_id": county.areas["jiuqu"].id,
        "received_on": clock.today(),
        "people": [
            PartyFacts(
                position="petitioner",
                name="陈桂兰",
                sex="2",
                id_type="111",
                id_number="110105194912310002",
                phone="13800132046",
                area_id=county.areas["jiuqu"].id,
            )
        ],
    }
    facts.update(changes)
    return actions.Intake(**facts)


def registered(county: County, **changes: Any) -> Petition:
    return actions.register(intake(county, **changes), by=county.scope("clerk"))


def routed(county: County, *, to: str = "land", mode: str = "CNB", **changes: Any) -> Petition:
    petition = registered(county, **changes)
    return actions.route(
        petition.case.number,
        mode=mode,
        to_unit_id=county.units[to].id,
        words="请依法办理并答复。",
        promised_on=clock.today() + timedelta(days=20) if mode in ("CNB", "DLB") else None,
        by=county.scope("office"),
    )


def signed(county: County, **changes: Any) -> Petition:
    return actions.sign(routed(county, **changes).case.number, by=county.scope("handler"))


def accepted(county: County, **changes: Any) -> Petition:
    return actions.accept(signed(county, **changes).case.number, words="已收到，将依法调查核实。", by=county.scope("handler"))


def investigated(county: County, **changes: Any) -> Petition:
    number = accepted(county, **changes).case.number
    by = county.scope("handler")
    actions.hear(number, on=clock.today(), officers=["王海涛", "宋涛"], place="村委会", words="听取陈述。", by=by)
    petition = actions.investigate(
        number, on=clock.today(), officers=["王海涛", "宋涛"], place="现场", words="实地丈量。", evidence="丈量记录", by=by
    )
    for no in (1, 2):
        petition = actions.answer_point(number, no=no, support="1", result="经丈量确认越界。", ground="民法典第二百八十八条", by=by)
    return petition


def prepared(county: County, **changes: Any) -> Petition:
    return actions.prepare(
        investigated(county, **changes).case.number,
        text="经调查，支持您的请求。",
        outcome="solved",
        support="1",
        remedy_unit="招远市人民政府",
        by=county.scope("handler"),
    )


def replied(county: County, **changes: Any) -> Petition:
    return actions.reply(prepared(county, **changes).case.number, by=county.scope("head"))


def delivered(county: County, **changes: Any) -> Petition:
    return actions.deliver(
        replied(county, **changes).case.number,
        delivery="1",
        delivered_on=clock.today(),
        receiver="陈桂兰",
        proof="送达回证",
        by=county.scope("handler"),
    )


def reported(county: County, **changes: Any) -> Petition:
    return actions.report(delivered(county, **changes).case.number, words="已办结答复。", by=county.scope("handler"))


def fed_back(county: County, **changes: Any) -> Petition:
    return actions.feedback(
        reported(county, **changes).case.number,
        way="phone",
        on=clock.today(),
        words="表示满意。",
        is_reached=True,
        office_rating="0",
        unit_rating="0",
        by=county.scope("office"),
    )


def closed(county: County, **changes: Any) -> Petition:
    return actions.close(fed_back(county, **changes).case.number, by=county.scope("office"))


def allowed_acts(case: Case, scope: Scope) -> dict[str, Step]:
    """What the rules alone allow, before the case page leaves out what would be refused for another reason."""
    return allowed(STEPS, place_of(case, with_tasks=True), scope)
