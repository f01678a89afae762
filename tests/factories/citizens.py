"""Somebody at home with a telephone: a browser without an account, let in to one matter or not."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from petitions.models import Petition

DIGITS = "2046"
PROGRESS, SUBMIT = "/progress/", "/submit/"


def ask(client: Client, number: str, code: str, digits: str = DIGITS, **extra: Any) -> Any:
    return client.post(PROGRESS, {"number": number, "code": code, "digits": digits}, **extra)


def let_in(petition: Petition, **extra: Any) -> Client:
    """A browser that has asked rightly."""
    client = Client(**extra)
    answer = ask(client, petition.case.number, petition.query_code)
    assert answer.status_code == 302, answer.content.decode()
    return client


def page(client: Client) -> str:
    return str(client.get(PROGRESS).content.decode())


def once(**fields: Any) -> dict[str, Any]:
    return {"form": str(uuid.uuid4()), **fields}


def matter(area_id: int, **changes: Any) -> dict[str, Any]:
    """An online form filled in; change what the test is about."""
    return {
        "submission": str(uuid.uuid4()),
        "purpose": "02",
        "name": "陈桂兰",
        "phone": "13800132046",
        "id_number": "11010519491231002X",
        "address": "阜山镇九曲村12号",
        "headcount": "1",
        "title": "邻居砌墙占用宅基地",
        "topic": "010000",
        "area": str(area_id),
        "story": "去年十月邻居翻建院墙时向东移了约0.6米，占了我家宅基地，堵了排水沟，找过村委会两次没有结果。",
        "points": ["重新丈量确认四至", "", "拆除越界部分"],
        "has_read": "on",
        "is_true": "on",
        **changes,
    }
