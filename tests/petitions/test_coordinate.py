"""协调裁定 (coordinate) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestCoordinate(FiveQuestions):
    code, made, wrong, doer, state = "coordinate", "disputed", "objected", "centre_head", "routed"

    def typed(self, county, petition):
        return {"to_unit_id": county.units["land"].id, "words": "依职责由其办理。"}
