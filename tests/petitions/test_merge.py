"""并案 (merge) over HTTP: the five questions (architecture §13), and until when the window does it."""

from __future__ import annotations

import pytest

from casework.models import Link
from casework.rules import NotAllowed
from petitions import actions
from petitions.queries import case as queries
from tests.factories import petitions
from tests.factories.five import FiveQuestions


class TestMerge(FiveQuestions):
    code, made, wrong, doer, state = "merge", "registered", "voided", "office", "registered"

    def typed(self, county, petition):
        return {"into": petitions.registered(county).case.number, "reason": "同一事项"}


def test_the_window_merges_until_the_case_is_sent_out(county):
    """She sees the earlier one beside what she types; what a unit has in hand is the office's to join or to part."""
    clerk, office = county.scope("clerk"), county.scope("office")
    main, waiting, sent = petitions.registered(county).case, petitions.registered(county).case, petitions.routed(county).case
    actions.merge(waiting.number, into=main.number, reason="同一事项", by=clerk)
    assert "unmerge" in queries.lawful(queries.page(queries.find(waiting.number, clerk)), clerk)
    actions.unmerge(waiting.number, reason="并不是一件事", by=clerk)
    joined = {"merge", "unmerge"}
    assert joined.isdisjoint(queries.lawful(queries.page(queries.find(sent.number, clerk)), clerk))
    with pytest.raises(NotAllowed, match="由县中心的分流员办理"):
        actions.merge(sent.number, into=main.number, reason="同一事项", by=clerk)
    actions.merge(sent.number, into=main.number, reason="同一事项", by=office)
    assert joined.isdisjoint(queries.lawful(queries.page(queries.find(sent.number, clerk)), clerk))
    with pytest.raises(NotAllowed, match="由县中心的分流员办理"):
        actions.unmerge(sent.number, reason="并不是一件事", by=clerk)
    assert Link.objects.get(source=sent, kind="merged").undone_at is None
