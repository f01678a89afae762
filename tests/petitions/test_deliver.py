"""登记送达 (deliver) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestDeliver(FiveQuestions):
    code, made, wrong, doer, state = "deliver", "replied", "accepted", "handler", "delivered"

    def typed(self, county, petition):
        return {"delivery": "1", "delivered_on": soon(0), "receiver": "陈桂兰", "receiver_kind": "self", "proof": "送达回证"}
