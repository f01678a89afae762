"""受理复查复核申请 (accept_review): the five questions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Deadline, Document
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import Post
from organisations.roles import Role
from petitions.actions import review as actions
from petitions.models import Review
from petitions.queries import case as queries
from petitions.queries import clocks
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestAcceptReview(FiveQuestions):
    code, made, wrong, doer, state = "accept_review", "review_asked", "delivered", "review_handler", "reviewing"
    paper = "P14"
    wrong_doer = "handler"

    def after(self, county, petition):
        assert Review.objects.get(petition=petition).accepted_on == clock.today()
        assert petition.case.handler == county.people["review_handler"]
        assert Deadline.objects.get(case=petition.case, key="pet.review_reject").met_on == clock.today()
        assert Document.objects.get(case=petition.case, paper="P14").name == "复查受理告知书"

    def test_not_at_the_wrong_moment(self, county, sign_in):
        # Before an organ has it, its people are outsiders to the case: the unit's own people stand for the question.
        super().test_not_at_the_wrong_moment(county, sign_in)


@pytest.mark.django_db
def test_of_an_outside_organ_only_the_day_is_kept(county):
    petition = actions.accept_review(reviews.outside(county).case.number, by=county.scope("office"))
    assert petition.case.state == "review_outside"
    assert not Document.objects.filter(case=petition.case, paper="P14", name__startswith="复核").exists()
    with pytest.raises(NotAllowed):
        actions.accept_review(petition.case.number, by=county.scope("office"))


@pytest.mark.django_db
def test_who_signed_the_decision_keeps_out(county):
    number = reviews.review_asked(county).case.number
    Post.objects.create(
        user=county.people["head"],
        unit=county.units["government"],
        role=Role.HEAD,
        from_on="2020-01-01",
        appointed_by=county.people["security_admin"],
    )
    with pytest.raises(NotAllowed) as refused:
        actions.accept_review(number, by=county.scope("head"))
    assert refused.value.code == "recused"


@pytest.mark.django_db
def test_the_organs_days_are_the_organs(county):
    """各单位用时: while a body reviews, the days are not those of the unit whose decision it was."""
    start = clock.now()
    with clock.at(start - timedelta(days=20)):
        number = reviews.reviewing(county).case.number
    with clock.at(start - timedelta(days=8)):
        actions.draft_review(number, by=county.scope("review_handler"), **reviews.OPINION)
        actions.decide_review(number, by=county.scope("review_head"))
        actions.deliver_review(number, delivered_on=clock.today(), by=county.scope("review_handler"), **reviews.RECEIPT)
    held = queries.page(queries.find(number, county.scope("office")))
    assert {share.unit: share.days for share in clocks.shares(held).shares} == {"市政府": 12, "自然资源局": 8}


@pytest.mark.django_db
def test_whoever_reviews_has_it_now(county):
    held = queries.page(queries.find(reviews.reviewing(county).case.number, county.scope("office")))
    assert [share.unit for share in clocks.shares(held).shares if share.is_now] == ["市政府"]
