"""提出异议 (object) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestObject(FiveQuestions):
    code, made, wrong, doer, state = "object", "routed", "accepted", "handler", "objected"

    def typed(self, county, petition):
        return {"reason": "不属本单位职权。", "suggested_unit_id": county.units["labour"].id}
