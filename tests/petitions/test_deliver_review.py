"""登记意见书送达 (deliver_review): the five questions; the right to 复核 runs from receipt; a redo; the last word (条例§35 §36)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Case, Deadline, Delivery
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions as front
from petitions.actions import review as actions
from petitions.models import Petition, Point, Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestDeliverReview(FiveQuestions):
    code, made, wrong, doer, state = "deliver_review", "review_decided", "reviewing", "review_handler", "reported"

    def typed(self, county, petition):
        return {**reviews.RECEIPT, "receiver_kind": Delivery.Receiver.SELF, "delivered_on": clock.today().isoformat()}

    def after(self, county, petition):
        right = Deadline.objects.get(case=petition.case, key="pet.rereview_apply")
        assert (right.base_on, right.is_duty) == (clock.today(), False)
        assert right.due_on >= clock.today() + timedelta(days=30)
        assert petition.case.unit == county.units["land"]
        assert petition.concluded_on is None
        assert Delivery.objects.get(document__paper="P15").receiver == "陈桂兰"


@pytest.mark.django_db
def test_the_opinion_of_the_second_round_is_the_last_word(county):
    petition = reviews.concluded(county)
    assert petition.concluded_on == clock.today()
    assert "concluded" in petition.case.marks
    assert not Deadline.objects.filter(case=petition.case, key="pet.rereview_apply", met_on=None, dropped_on=None).exists()


@pytest.mark.django_db
class TestRedo:
    def test_back_to_the_unit_with_the_days_of_the_opinion(self, county):
        petition = reviews.revoked(county)
        case = Case.objects.get(pk=petition.pk)
        assert (case.state, case.unit, case.handler) == ("accepted", county.units["land"], county.people["handler"])
        assert (case.due_on, case.due_key) == (clock.today() + timedelta(days=10), "pet.redo")
        assert petition.reopened == 1
        assert Deadline.objects.filter(case=case, key="pet.handle").count() == 1, "the matter's own clock never restarts"
        assert Review.objects.get(petition=petition).revoked[0]["support"] == "1"

    def again(self, county, number, result, support="1"):
        by = county.scope("handler")
        for point in Point.objects.filter(petition__case__number=number):
            front.answer_point(number, no=point.no, support=support, result=result, ground="民法典第二百八十八条", by=by)
        return front.prepare(number, text="重新处理意见。", outcome="solved", support=support, remedy_unit="招远市人民政府", by=by)

    def test_the_revoked_decision_stays_on_the_page_with_its_review(self, county, sign_in):
        """It went as soon as the second decision was prepared, and the review that asked for it with it."""
        petition = reviews.revoked(county)
        number = petition.case.number
        for step in ("revoked", "prepared", "signed"):
            if step == "prepared":
                self.again(county, number, "院墙越界0.4米，已当场拆除。")
            if step == "signed":
                front.reply(number, by=county.scope("head"))
            shown = sign_in("handler").get(f"/petitions/{number}/").context["ladder"]
            told = [(rung.label, rung.state) for rung in shown]
            assert told[:2] == [("处理意见", "off"), ("复查", "done")], step
            assert shown[0].paper is not None
        assert told[2] == ("处理意见", "now")
        assert shown[2].paper.pk > shown[0].paper.pk

    def test_the_same_again_is_refused(self, county):
        number = reviews.revoked(county).case.number
        with pytest.raises(NotAllowed) as refused:
            self.again(county, number, "经丈量，确认越界！")
        assert refused.value.code == "repeats_revoked"
        assert Case.objects.get(number=number).state == "accepted"

    def test_another_box_above_the_same_words_is_the_same_again(self, county):
        number = reviews.revoked(county).case.number
        with pytest.raises(NotAllowed) as refused:
            self.again(county, number, "经丈量，确认越界！", support="3")
        assert refused.value.code == "repeats_revoked"

    def test_close_to_it_needs_what_is_new_from_the_head(self, county):
        number = reviews.revoked(county).case.number
        self.again(county, number, "经丈量确认越界0.4米，以今年测绘为准。")
        with pytest.raises(NotAllowed) as refused:
            front.reply(number, words="同意", by=county.scope("head"))
        assert refused.value.code == "new_needed"
        front.reply(number, words="依据2026年测绘成果重新认定四至。", by=county.scope("head"))
        assert Deadline.objects.get(case__number=number, key="pet.redo").met_on == clock.today()

    def test_another_result_passes_and_may_be_reviewed_afresh(self, county):
        number = reviews.revoked(county).case.number
        self.again(county, number, "根据测绘院重新出具的界址图，双方四至并无重叠，请求不能成立。", support="3")
        front.reply(number, by=county.scope("head"))
        front.deliver(number, delivered_on=clock.today(), by=county.scope("handler"), **reviews.RECEIPT)
        petition = actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST)
        assert Review.objects.filter(petition=petition).latest("id").round == 1


@pytest.mark.django_db
def test_not_before_the_opinion(county):
    number = reviews.review_decided(county).case.number
    with pytest.raises(NotAllowed):
        actions.deliver_review(number, delivered_on=clock.today() - timedelta(days=1), by=county.scope("review_handler"), **reviews.RECEIPT)
    assert Petition.objects.get(case__number=number).case.state == "review_decided"
