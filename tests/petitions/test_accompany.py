"""登记陪访代访 (accompany) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestAccompany(FiveQuestions):
    code, made, wrong, doer, state = "accompany", "accepted", "voided", "office", "accepted"

    def typed(self, county, petition):
        return {
            "kind": "with",
            "worker_id": county.people["office"].id,
            "on": soon(0),
            "to_organ": "烟台市信访局",
            "words": "陪同反映，已当面答复。",
            "avoided": "on",
        }

    def after(self, county, petition):
        row = petition.accompaniments.get()
        assert (row.unit_id, row.avoided_level_skip) == (county.units["centre"].id, True)
