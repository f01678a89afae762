"""登记复查复核申请 (seek_review): the five questions, and the law's edges of the term (条例§35 §36, L-TIME-6, L-TIME-8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework import documents
from casework.models import Case, Deadline, Document, Entry, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import review as actions
from petitions.models import Review
from tests.factories import petitions, reviews
from tests.factories.five import FiveQuestions

ZONE = ZoneInfo("Asia/Shanghai")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def delivered_on(county, day: date) -> str:
    """A reply that reached the person on that day."""
    with clock.at(noon(day)):
        return petitions.delivered(county).case.number


class TestSeekReview(FiveQuestions):
    code, made, wrong, doer, state = "seek_review", "delivered", "accepted", "office", "review_asked"
    paper = "P13"

    def typed(self, county, petition):
        return {**reviews.REQUEST, "received_on": clock.today().isoformat(), "organ_id": county.units["government"].id, "organ_name": ""}

    def after(self, county, petition):
        case, review = petition.case, Review.objects.get(petition=petition)
        assert (review.round, review.original_unit, review.organ) == (1, county.units["land"], county.units["government"])
        assert review.original_number == Document.objects.get(case=case, paper="P11").number
        assert case.unit == county.units["government"]
        running = dict(Deadline.objects.filter(case=case, met_on=None, dropped_on=None, is_duty=True).values_list("key", "due_on"))
        assert running == {"pet.review": clock.today() + timedelta(days=30), "pet.review_reject": clock.today() + timedelta(days=15)}
        assert Deadline.objects.get(case=case, key="pet.review_apply").met_on == clock.today()
        assert Notice.objects.filter(case=case, kind="petition.seek_review", to_unit=county.units["government"]).exists()
        assert Case.objects.visible_to(county.scope("review_handler")).filter(pk=case.pk).exists()


@pytest.mark.django_db
class TestTerm:
    """30 days from receipt, the last day rolled to the next working day: a right of the person (L-TIME-6)."""

    def test_day_30_is_in_time_and_day_31_is_not(self, county):
        # 2026-03-02 + 30 = 2026-04-01, a Wednesday.
        number = delivered_on(county, date(2026, 3, 2))
        with clock.at(noon(date(2026, 4, 2))), pytest.raises(NotAllowed) as refused:
            actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST)
        assert refused.value.code == "too_late"
        with clock.at(noon(date(2026, 4, 1))):
            assert actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST).case.state == "review_asked"

    def test_a_last_day_in_the_holiday_moves_behind_it(self, county):
        # 2026-01-20 + 30 = 2026-02-19 in the Spring Festival; the first working day after it is 2026-02-24.
        number = delivered_on(county, date(2026, 1, 20))
        with clock.at(noon(date(2026, 2, 25))), pytest.raises(NotAllowed):
            actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST)
        with clock.at(noon(date(2026, 2, 24))):
            actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST)
        assert Deadline.objects.get(case__number=number, key="pet.review_apply").due_on == date(2026, 2, 24)

    def test_posted_in_time_received_late_is_in_time(self, county):
        number = delivered_on(county, date(2026, 3, 2))
        with clock.at(noon(date(2026, 4, 8))):
            petition = actions.seek_review(number, posted_on=date(2026, 4, 1), by=county.scope("office"), **reviews.REQUEST)
        review = Review.objects.get(petition=petition)
        assert (review.posted_on, review.received_on, review.late_reason) == (date(2026, 4, 1), date(2026, 4, 8), "")
        # The organ's 30 days count from receipt (条例§35), not from posting.
        assert Deadline.objects.get(case=petition.case, key="pet.review").due_on == date(2026, 5, 8)
        assert Deadline.objects.get(case=petition.case, key="pet.review_apply").met_on == date(2026, 4, 1)

    def test_late_with_a_reason_is_for_the_organ_to_decide(self, county):
        number = delivered_on(county, date(2026, 3, 2))
        with clock.at(noon(date(2026, 4, 20))):
            actions.seek_review(number, late_reason="因病住院，有住院证明。", by=county.scope("office"), **reviews.REQUEST)
            with pytest.raises(NotAllowed) as refused:
                actions.accept_review(number, by=county.scope("review_handler"))
            assert refused.value.code == "late_words_needed"
            actions.accept_review(number, late_words="住院证明属实，予以受理。", by=county.scope("review_handler"))
        assert "逾期提出确有正当理由" in papers_text(number, "P14")

    def test_a_reason_given_in_time_is_not_a_late_request(self, county):
        petition = actions.seek_review(
            petitions.delivered(county).case.number, late_reason="多写了一句", by=county.scope("office"), **reviews.REQUEST
        )
        assert Review.objects.get(petition=petition).late_reason == ""

    def test_dates_out_of_order(self, county):
        number = petitions.delivered(county).case.number
        for dates in (
            {"received_on": clock.today() + timedelta(days=1)},
            {"received_on": clock.today(), "posted_on": clock.today() + timedelta(days=1)},
            {"received_on": clock.today() - timedelta(days=3)},
        ):
            with pytest.raises(NotAllowed):
                actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST, **dates)


def papers_text(number: str, code: str) -> str:
    return documents.html(Document.objects.filter(case__number=number, paper=code).latest("id"))


@pytest.mark.django_db
class TestOrgan:
    """The higher body of whose decision it is: never itself, one below, the one before, or the centre (条例§35 §36, L-PET-04)."""

    def test_over_the_government_stands_nobody_in_the_county(self, county):
        """A 复核 of what the government decided went to a department, which is below it (条例§36)."""
        petition = reviews.reviewed(county)
        for unit in ("fushan", "water"):
            with pytest.raises(NotAllowed) as refused:
                actions.seek_review(petition.case.number, organ_id=county.units[unit].id, by=county.scope("office"), **reviews.REQUEST)
            assert refused.value.code == "lower_organ"
        assert Review.objects.filter(petition=petition).count() == 1

    @pytest.mark.parametrize(("unit", "code"), [("land", "same_organ"), ("centre", "centre_decides_nothing")])
    def test_refused(self, county, unit, code):
        number = petitions.delivered(county).case.number
        with pytest.raises(NotAllowed) as refused:
            actions.seek_review(number, organ_id=county.units[unit].id, by=county.scope("office"), **reviews.REQUEST)
        assert refused.value.code == code

    def test_none_below_the_original_unit(self, county):
        number = petitions.delivered(county).case.number
        Case.objects.filter(number=number).update(unit=county.units["fushan"])
        with pytest.raises(NotAllowed) as refused:
            actions.seek_review(number, organ_id=county.units["jiuqu"].id, by=county.scope("office"), **reviews.REQUEST)
        assert refused.value.code == "lower_organ"

    def test_the_organ_of_the_first_round_does_not_decide_the_second(self, county):
        number = reviews.reviewed(county).case.number
        for choice in ({"organ_id": county.units["government"].id}, {"organ_name": "招远市人民政府"}):
            with pytest.raises(NotAllowed) as refused:
                actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST, **choice)
            assert refused.value.code == "same_organ"

    def test_the_body_named_on_the_letter_is_taken(self, county):
        petition = reviews.outside(county)
        review = Review.objects.filter(petition=petition).latest("id")
        assert (review.round, review.organ, review.organ_name) == (2, None, reviews.UPPER)
        assert (petition.case.state, petition.case.unit) == ("review_outside", county.units["centre"])


@pytest.mark.django_db
class TestChain:
    def test_a_closed_case_opens_and_its_outcome_stays_in_the_history(self, county):
        petition = reviews.review_asked_of_closed(county)
        case = Case.objects.get(pk=petition.pk)
        assert case.is_open
        assert Entry.objects.get(case=case, no=case.entries).detail["outcome"] == "已解决"

    def test_not_twice_and_not_after_the_last_word(self, county):
        number = reviews.reviewing(county).case.number
        with pytest.raises(NotAllowed):
            actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST)
        number = reviews.concluded(county).case.number
        with pytest.raises(NotAllowed) as refused:
            actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST)
        assert refused.value.code == "final"

    def test_a_report_against_somebody_has_no_review(self, county):
        """检举控告 goes by the rules of discipline (条例§30), not by 复查; the page offers nothing."""
        number = petitions.registered(county, purpose="03").case.number
        Case.objects.filter(number=number).update(state="delivered")
        with pytest.raises(NotAllowed) as refused:
            actions.seek_review(number, by=county.scope("discipline"), **reviews.REQUEST)
        assert refused.value.code == "protected"

    def test_online_needs_no_organ(self, county):
        petition = actions.seek_review(petitions.delivered(county).case.number, is_online=True, by=county.scope("office"), **reviews.REQUEST)
        review = Review.objects.get(petition=petition)
        assert (review.organ, review.is_online) == (county.units["government"], True)
