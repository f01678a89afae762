"""简易答复 (answer_simple): the five questions; each point answered, the way recorded, the person's rights running (L-SIM-4, L-SIM-5, L-SIM-7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from casework.models import Deadline, Document
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions
from petitions.actions import terms
from petitions.models import Point, Reply, Telling
from tests.factories import terms as made
from tests.factories.five import FiveQuestions

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


def answer(county, number: str, **changes):
    say = {"results": made.RESULTS, "text": "已电话答复。", "outcome": "solved", "told": made.told(), **changes}
    return terms.answer_simple(number, **say, by=county.scope("handler"))


class TestAnswerSimple(FiveQuestions):
    code, made, wrong, doer, state = "answer_simple", "simple", "accepted", "handler", "delivered"
    paper = "P12"

    def typed(self, county, petition):
        points = {}
        for no, (support, result, ground) in made.RESULTS.items():
            points.update({f"support-{no}": support, f"result-{no}": result, f"ground-{no}": ground})
        told = {"way": "phone", "number": "13800132046", "person": "陈桂兰"}
        return {**points, **told, "text": "已电话答复。", "outcome": "solved"}

    def after(self, county, petition):
        assert (petition.replied_on, petition.delivered_on, petition.settled_as, petition.support) == (clock.today(), clock.today(), "solved", "1")
        assert all(point.is_answered for point in Point.objects.filter(petition=petition))
        met = Deadline.objects.get(case=petition.case, key="pet.simple_handle")
        assert met.met_on == clock.today()
        rights = set(Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).values_list("key", flat=True))
        assert rights >= {"pet.satisfaction", "pet.review_apply"}
        told = Telling.objects.get(petition=petition, about="answered")
        assert told.document is not None
        reply = Reply.objects.get(petition=petition)
        assert (reply.approved_by, reply.receiver, reply.delivery) == (county.people["handler"], "陈桂兰", "")
        assert "13800132046" not in reply.proof


@pytest.mark.parametrize(("way", "delivery"), [("oral", "1"), ("paper", "1"), ("sms", "3"), ("online", "3"), ("phone", "")])
def test_each_way_of_answering(county, way, delivery):
    answer(county, made.simple(county).case.number, told=made.told(way=way))
    assert Reply.objects.get().delivery == delivery


def test_every_point_has_result_and_ground(county):
    number = made.simple(county).case.number
    with refused("points_open"):
        answer(county, number, results={1: made.RESULTS[1]})
    with refused("result_too_short"):
        answer(county, number, results={**made.RESULTS, 2: ("1", "已办", "条例")})


def test_a_demand_that_is_refused_leaves_the_simple_way(county):
    number = made.simple(county).case.number
    with pytest.raises(NotAllowed, match="第 2 项拟不予支持") as refusal:
        answer(county, number, results={**made.RESULTS, 2: ("3", "经查没有事实根据。", "条例第三十二条")})
    assert refusal.value.code == "simple_refusal"
    with refused("outcome"):
        answer(county, number, outcome="refused")


def test_a_late_answer_counts_as_late_and_is_not_turned_away(county):
    with clock.at(clock.now() - timedelta(days=40)):
        number = made.simple(county).case.number
    answer(county, number)
    row = Deadline.objects.get(case__number=number, key="pet.simple_handle")
    assert row.met_on > row.due_on


def test_the_rights_run_from_the_day_the_person_was_told(county):
    with clock.at(clock.now() - timedelta(days=6)):
        number = made.simple(county).case.number
    answer(county, number, told=made.told(at=clock.now() - timedelta(days=2)))
    assert Deadline.objects.get(case__number=number, key="pet.review_apply").base_on == clock.today() - timedelta(days=2)


def test_the_simple_way_leads_home_to_the_closed_case(county):
    number = made.simply_answered(county).case.number
    actions.report(number, words="已简易答复。", by=county.scope("handler"))
    actions.feedback(
        number, way="phone", on=clock.today(), words="满意。", is_reached=True, office_rating="0", unit_rating="0", by=county.scope("office")
    )
    petition = actions.close(number, by=county.scope("office"))
    assert (petition.case.state, petition.case.outcome) == ("closed", "solved")
    assert "simple" in petition.case.marks


def test_the_record_holds_time_way_number_and_people(county):
    """L-SIM-5: recorded with time, channel, number, person; the number is not shown whole."""
    number = made.simply_answered(county).case.number
    document = Document.objects.get(case__number=number, paper="P12")
    context = document.context
    assert (context["way"], context["told_number"], context["person"], context["teller"]) == ("电话", "138****2046", "陈桂兰", "王海涛")
    assert [point["numeral"] for point in context["points"]] == ["一", "二"]
    text = render_to_string(context["template"], {**context, "number": document.number, "name": document.name})
    assert "138****2046" in text
    assert "13800132046" not in text
    assert "已经协调邻居拆除越界部分。" in text
    assert "自收到之日起30日内申请复查" in text
