"""掌上调解室 in tests: 田和 of 阜山镇 has agreed to be shown and sits on every weekday morning; 陈桂兰 asks from her telephone."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, time
from typing import Any

from django.test import Client

from casework import limits
from mediation.chamber import actions, entrance, rules
from mediation.models import Conversation, Mediator
from organisations import clock
from tests.factories import disputes_corps as corps
from tests.factories.county import County

ASK, AID, MATTER, BOOK, SAY = "/mediators/ask/", "/mediators/aid/", "/mediators/matter/", "/mediators/matter/book/", "/mediators/matter/say/"
WHAT = "邻居陈德旺翻建院墙，堵了我家排水沟，说了几次都不听。"
#: Every day, so that a test finds an hour whatever the day is.
WEEK = range(7)


def shown(county: County, name: str = "田和", unit: str = "fushan", user: str = "mediator", **changes: Any) -> Mediator:
    """Serves, has agreed to be shown, has hours."""
    person = corps.member(county, name, unit, **changes)
    Mediator.objects.filter(pk=person.pk).update(
        consented_on=clock.today(), user=county.people[user] if user else None, online_hours="周一至周五上午"
    )
    person.refresh_from_db()
    actions.set_hours(person.pk, WEEK, [(time(9), time(11))], by=county.scope("town_handler"))
    return person


def matter(county: County, *people: Mediator, **changes: Any) -> actions.Matter:
    facts: dict[str, Any] = {
        "name": "陈桂兰",
        "phone": "13800132046",
        "area_id": county.areas["jiuqu"].id,
        "place": "",
        "what": WHAT,
        "way": rules.Way.TALK,
        "mediator_ids": [person.pk for person in people],
    }
    return actions.Matter(**{**facts, **changes})


def asked(county: County, *people: Mediator, **changes: Any) -> tuple[Conversation, str]:
    """A conversation and its code."""
    code = entrance.code_of(uuid.uuid4(), "browser")
    held = actions.ask(matter(county, *people, **changes), submission=uuid.uuid4(), code=code)
    return Conversation.objects.get(number=held.number), code


def let_in(row: Conversation, code: str) -> Client:
    client = Client()
    answer = client.post(MATTER, {"number": row.number, "code": code})
    assert answer.status_code == 302, answer.content.decode()
    return client


def typed(county: County, *people: Mediator, **changes: Any) -> dict[str, Any]:
    """The form filled in on the page."""
    return {
        "submission": str(uuid.uuid4()),
        "mediators": [str(person.pk) for person in people],
        "way": "talk",
        "name": "陈桂兰",
        "phone": "13800132046",
        "area": str(county.areas["jiuqu"].id),
        "what": WHAT,
        "has_read": "on",
        **changes,
    }


def first_slots(person: Mediator, n: int = 2) -> list[datetime]:
    blocks = [row.block for row in person.chamber_hours.all()]
    return list(rules.slots(blocks, clock.now(), limits.current().calendar))[:n]


def slot_value(person: Mediator, moment: datetime) -> str:
    return f"{person.pk}|{moment:%Y-%m-%dT%H:%M}"


def code_on(page: str) -> tuple[str, str]:
    """Number and code as the slip shows them."""
    number = re.search(r"TS\d{6}-\d{4}-\d{6}", page)
    code = re.search(r'pz__code">([A-Z2-9]{10})<', page)
    assert number is not None
    assert code is not None, page
    return number.group(0), code.group(1)
