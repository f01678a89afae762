"""转有权机关 (redirect_review): a request addressed to the wrong body goes to the right one, unbroken (条例§35 §36)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Case, Deadline, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import review as actions
from petitions.models import Review
from petitions.queries import case as case_queries
from petitions.queries import clocks
from tests.factories import reviews
from tests.factories.five import FiveQuestions

pytestmark = pytest.mark.django_db
WHY = "原办理机关的上一级机关不是本机关。"


class TestRedirectReview(FiveQuestions):
    code, made, wrong, doer, state = "redirect_review", "review_asked", "accepted", "review_handler", "review_asked"
    wrong_doer = "handler"

    def typed(self, county, petition):
        return {"organ_id": county.units["fushan"].id, "organ_name": "", "words": WHY}

    def after(self, county, petition):
        town, review = county.units["fushan"], Review.objects.get(petition=petition)
        assert (review.organ, review.organ_name, petition.case.unit) == (town, town.name, town)
        running = dict(Deadline.objects.filter(case=petition.case, is_duty=True, met_on=None, dropped_on=None).values_list("key", "unit_id"))
        assert running == {"pet.review": town.id, "pet.review_reject": town.id}
        assert Notice.objects.filter(case=petition.case, kind="petition.redirect_review", to_unit=town).exists()
        assert Case.objects.visible_to(county.scope("town_handler")).filter(pk=petition.pk).exists()

    def test_it_does_it_once(self, county, sign_in):
        """Who gave it away keeps sight of it, but may not do it again."""
        super().test_it_does_it_once(county, sign_in)


def test_the_persons_day_stays_and_the_new_bodys_term_runs_from_its_receipt(county):
    with clock.at(clock.now() - timedelta(days=10)):
        petition = reviews.review_asked(county)
        asked_on = clock.today()
    actions.redirect_review(petition.case.number, organ_id=county.units["fushan"].id, words=WHY, by=county.scope("review_handler"))
    assert Review.objects.get(petition=petition).received_on == asked_on
    due = Deadline.objects.get(case=petition.case, key="pet.review", met_on=None, dropped_on=None)
    assert (due.base_on, due.due_on) == (clock.today(), clock.today() + timedelta(days=30))
    assert actions.accept_review(petition.case.number, by=county.scope("town_handler")).case.state == "reviewing"


def test_to_a_body_outside_the_county_and_back(county):
    number = reviews.review_asked(county).case.number
    actions.redirect_review(number, organ_name="烟台市自然资源和规划局", words=WHY, by=county.scope("review_handler"))
    assert Case.objects.get(number=number).state == "review_outside"
    actions.redirect_review(number, organ_id=county.units["government"].id, words="来函称由市政府复查。", by=county.scope("office"))
    assert Case.objects.get(number=number).state == "review_asked"


@pytest.mark.parametrize(("unit", "code"), [("land", "same_organ"), ("government", "same_organ"), ("centre", "centre_decides_nothing")])
def test_not_to_the_body_that_decided_nor_where_it_is(county, unit, code):
    number = reviews.review_asked(county).case.number
    with pytest.raises(NotAllowed) as refused:
        actions.redirect_review(number, organ_id=county.units[unit].id, words=WHY, by=county.scope("review_handler"))
    assert refused.value.code == code


def test_what_was_taken_is_decided_there(county, sign_in):
    number = reviews.reviewing(county).case.number
    answer = sign_in("review_handler").post(f"/petitions/{number}/redirect_review/", {"organ_id": county.units["fushan"].id, "words": WHY})
    assert answer.status_code == 409


def test_each_organ_has_its_own_days(county, sign_in):
    """各单位用时: the first body's days stay the first's when the request is sent on."""
    with clock.at(clock.now() - timedelta(days=10)):
        number = reviews.review_asked(county).case.number
    with clock.at(clock.now() - timedelta(days=7)):
        actions.redirect_review(number, organ_id=county.units["fushan"].id, words=WHY, by=county.scope("review_handler"))
    with clock.at(clock.now() - timedelta(days=5)):
        actions.redirect_review(number, organ_name="烟台市自然资源和规划局", words=WHY, by=county.scope("town_handler"))
    held = case_queries.page(case_queries.find(number, county.scope("office")))
    shares = {share.unit: share.days for share in clocks.shares(held).shares}
    assert (shares["市政府"], shares["阜山镇"], shares["县中心"]) == (3, 2, 5)
    assert clocks.shares(held).days == sum(shares.values())
    page = sign_in("office").get(f"/petitions/{number}/").content.decode()
    assert "阜山镇" in page
