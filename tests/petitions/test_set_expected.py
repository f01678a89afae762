"""调整预计恢复日期 (set_expected): the five questions; the limits stand still as before, the date to look again is another (L-TIME-7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import proof, reminding
from casework.models import Deadline, Entry, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import terms
from petitions.models import Suspension
from tests.factories import terms as made
from tests.factories.five import FiveQuestions, soon

pytestmark = pytest.mark.django_db


class TestSetExpected(FiveQuestions):
    code, made, wrong, doer, state = "set_expected", "suspended", "accepted", "head", "suspended"

    def typed(self, county, petition):
        return {"expected_until_on": soon(45), "words": "鉴定机构来函，结论推迟出具。"}

    def after(self, county, petition):
        assert Suspension.objects.get(petition=petition).expected_until_on == clock.today() + timedelta(days=45)
        running = Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None)
        assert running.get(key="pet.suspended").due_on == clock.today() + timedelta(days=45)
        assert running.get(key="pet.handle").suspended_on == clock.today()
        assert "suspended" in petition.case.marks
        line = Entry.objects.get(case=petition.case, act="petition.set_expected")
        assert line.detail["was_until_on"] == (clock.today() + timedelta(days=20)).isoformat()
        assert list(proof.check()) == []


@pytest.mark.parametrize(
    ("days", "words", "code"), [(0, "来函推迟出具。", "expected_past"), (20, "来函推迟出具。", "nothing_changed"), (30, "。", "ground_needed")]
)
def test_a_new_date_after_today_with_its_reason(county, days, words, code):
    number = made.suspended(county).case.number
    with pytest.raises(NotAllowed) as refused:
        terms.set_expected(number, expected_until_on=clock.today() + timedelta(days=days), words=words, by=county.scope("head"))
    assert refused.value.code == code


def test_one_is_reminded_of_the_new_date_not_of_the_old(county):
    case = made.suspended(county).case
    terms.set_expected(case.number, expected_until_on=clock.today() + timedelta(days=45), words="鉴定结论推迟出具。", by=county.scope("head"))
    with clock.at(clock.now() + timedelta(days=21)):
        reminding.sweep()
    assert not Notice.objects.filter(case=case, kind="reminder", deadline__key="pet.suspended").exists()
    with clock.at(clock.now() + timedelta(days=44)):
        reminding.sweep()
    assert Notice.objects.filter(case=case, kind="reminder", deadline__key="pet.suspended").exists()
