"""指定承办人 (designate) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestDesignate(FiveQuestions):
    code, made, wrong, doer, state = "designate", "accepted", "prepared", "head", "accepted"

    def typed(self, county, petition):
        return {"person_id": county.people["handler2"].id, "words": ""}
