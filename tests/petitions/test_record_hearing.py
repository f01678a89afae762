"""记录听证 (record_hearing): the five questions; only in a 复核 its days are not counted (条例§36②, L-TIME-7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Deadline, DeadlineEvent, Document, Entry
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import hearing
from petitions.models import Hearing, Petition
from tests.factories import reviews
from tests.factories.five import FiveQuestions

MINUTES = {"attendees": "陈桂兰、王海涛", "minutes": "双方陈述，出示丈量记录。", "conclusion": "应重新丈量。"}


class TestRecordHearing(FiveQuestions):
    code, made, wrong, doer, state = "record_hearing", "hearing_called", "signed", "handler", "accepted"

    def typed(self, county, petition):
        return {"is_held": "1", **MINUTES}

    def after(self, county, petition):
        hearing = Hearing.objects.get(petition=petition)
        assert hearing.is_held
        assert hearing.document.name == "听证笔录"
        assert Document.objects.filter(case=petition.case, paper="P22").count() == 2
        assert not DeadlineEvent.objects.exists(), "in handling no time is excluded"


@pytest.mark.django_db
class TestRounds:
    def rehearing(self, county, made) -> Petition:
        """Called today in that round, the clock then eight days on."""
        petition = made(county)
        by = "review_handler"
        reviews.call(county, petition.case.number, by)
        with clock.at(clock.now() + timedelta(days=8)):
            return hearing.record_hearing(petition.case.number, is_held=True, by=county.scope(by), **MINUTES)

    def test_in_a_re_review_the_days_are_excluded_and_listed(self, county):
        petition = self.rehearing(county, reviews.rereviewing)
        limit = Deadline.objects.get(case=petition.case, key="pet.rereview")
        event = DeadlineEvent.objects.get(deadline=limit)
        assert (event.on, event.until_on) == (clock.today(), clock.today() + timedelta(days=7))
        assert "听录" in event.reason
        # The day of the request itself is not counted anyway: seven of the eight days move the date.
        assert limit.due_on == limit.base_on + timedelta(days=30 + 7)
        assert petition.case.due_on == limit.due_on

    def test_in_a_review_they_are_not(self, county):
        petition = self.rehearing(county, reviews.reviewing)
        limit = Deadline.objects.get(case=petition.case, key="pet.review")
        assert limit.due_on == limit.base_on + timedelta(days=30)
        assert Hearing.objects.get(petition=petition).excluded_from is None


@pytest.mark.django_db
def test_a_hearing_that_was_not_held_is_told_as_such(county):
    """The history said «记录听证 参加人 …»: as if it had been held, with those who never sat there."""
    number = reviews.call(county, reviews.reviewing(county).case.number, "review_handler").case.number
    called = Hearing.objects.get()
    petition = hearing.record_hearing(
        number, is_held=False, attendees="", minutes="信访人书面放弃听证。", conclusion="", by=county.scope("review_handler")
    )
    entry = Entry.objects.get(case=petition.case, act="petition.record_hearing")
    assert entry.text == "听证没有举行：信访人书面放弃听证。"
    assert "attendees" not in entry.detail
    called.refresh_from_db()
    assert called.attendees, "who was asked stays with the hearing"


@pytest.mark.django_db
def test_not_before_its_day_but_it_may_be_called_off(county):
    number = reviews.call(county, reviews.reviewing(county).case.number, "review_handler").case.number
    with pytest.raises(NotAllowed) as refused:
        hearing.record_hearing(number, is_held=True, by=county.scope("review_handler"), **MINUTES)
    assert refused.value.code == "not_yet"
    hearing.record_hearing(number, is_held=False, attendees="", minutes="信访人书面放弃听证。", conclusion="", by=county.scope("review_handler"))
    assert Hearing.objects.get().is_held is False
    reviews.call(county, number, "review_handler")
