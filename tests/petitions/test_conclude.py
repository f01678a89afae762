"""三级终结 (conclude): the five questions; when the term passed unused, and what follows (L-PET-11…13, 条例§36③)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import documents
from casework.models import Case, Deadline, Document
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions as front
from petitions.actions import ending
from petitions.models import Petition
from tests.factories import petitions, reviews
from tests.factories.five import FiveQuestions


class TestConclude(FiveQuestions):
    code, made, wrong, doer, state = "conclude", "lapsed", "accepted", "office", "closed"

    def after(self, county, petition):
        assert petition.concluded_on == Deadline.objects.get(case=petition.case, key="pet.review_apply").due_on
        assert "concluded" in petition.case.marks
        with pytest.raises(NotAllowed) as refused:
            front.reopen(petition.case.number, reason="不满意", due_on=clock.today(), by=county.scope("office"))
        assert refused.value.code == "concluded"


@pytest.mark.django_db
def test_not_while_the_person_may_still_ask(county):
    number = petitions.closed(county).case.number
    with pytest.raises(NotAllowed) as refused:
        ending.conclude(number, by=county.scope("office"))
    assert refused.value.code == "too_early"


@pytest.mark.django_db
def test_the_clock_marks_and_concludes_nothing(county):
    petition = reviews.lapsed(county)
    running = petitions.closed(county)
    version = Case.objects.get(pk=petition.pk).version
    assert ending.mark_lapsed() == 1
    assert ending.mark_lapsed() == 0
    case = Case.objects.get(pk=petition.pk)
    assert (case.state, case.version) == ("closed", version)
    assert "lapsed" in case.marks
    assert Petition.objects.get(pk=petition.pk).concluded_on is None
    assert "lapsed" not in Case.objects.get(pk=running.pk).marks
    ending.conclude(case.number, by=county.scope("office"))
    assert Case.objects.get(pk=petition.pk).marks.count("lapsed") == 0


@pytest.mark.django_db
class TestNoMore:
    """After the last word the same facts and reasons are not accepted again; what is new is a new case."""

    def declined(self, county, earlier: str) -> Petition:
        petition = petitions.registered(county, repeat_of=earlier, new_facts="无")
        return front.decline(
            petition.case.number, code="A2", words="经审查属同一事项。", remedy="有新的事实、理由的可以另行提出。", by=county.scope("office")
        )

    def test_the_notice_cites_the_last_opinion_by_itself(self, county):
        earlier = reviews.concluded(county).case.number
        number = self.declined(county, earlier).case.number
        front.approve_decline(number, by=county.scope("centre_head"))
        notice = Document.objects.get(case__number=number, paper="P07")
        text = documents.html(notice)
        today = clock.today()
        assert f"该事项已由烟台市人民政府于{today.year}年{today.month}月{today.day}日作出烟政复核〔2026〕15号复核意见" in text
        assert "决定不再受理" in text
        assert "第三十六条第三款" in text
        assert "复查请求" not in text

    def test_no_review_of_no_more(self, county):
        number = self.declined(county, reviews.concluded(county).case.number).case.number
        front.approve_decline(number, by=county.scope("centre_head"))
        front.deliver(number, delivered_on=clock.today(), by=county.scope("office"), **reviews.RECEIPT)
        assert not Deadline.objects.filter(case__number=number, key="pet.review_apply").exists()

    def test_the_form_opens_with_the_citation(self, county, sign_in):
        earlier = reviews.concluded(county).case.number
        number = petitions.registered(county, repeat_of=earlier, new_facts="无").case.number
        page = sign_in("office").get(f"/petitions/{number}/?act=decline&skip=1").content.decode()
        assert "烟政复核〔2026〕15号复核意见" in page

    def test_a_lapsed_matter_cites_the_decision(self, county):
        earlier = reviews.lapsed(county).case.number
        ending.conclude(earlier, by=county.scope("office"))
        number = petitions.registered(county, repeat_of=earlier, new_facts="无").case.number
        front.decline(number, code="B1", words="属同一事项。", remedy="有新的事实、理由的可以另行提出。", by=county.scope("office"))
        front.approve_decline(number, by=county.scope("centre_head"))
        text = documents.html(Document.objects.get(case__number=number, paper="P07"))
        assert "你未在规定期限内申请复查" in text
        assert Document.objects.get(case__number=earlier, paper="P11").number in text

    def test_without_a_concluded_matter_there_is_no_such_notice(self, county):
        number = petitions.registered(county).case.number
        with pytest.raises(NotAllowed) as refused:
            front.decline(number, code="A2", words="属同一事项。", remedy="有新的事实再提出。", by=county.scope("office"))
        assert refused.value.code == "last_word_needed"

    def test_a_matter_still_in_handling_is_told_its_progress(self, county, sign_in):
        earlier = petitions.accepted(county).case.number
        number = petitions.registered(county, repeat_of=earlier).case.number
        page = sign_in("office").get(f"/petitions/{number}/?act=decline&skip=1").content.decode()
        assert f"该事项（{earlier}）已由招远市自然资源和规划局办理" in page

    def test_repeating_a_concluded_matter_says_what_is_new(self, county):
        earlier = reviews.concluded(county).case.number
        with pytest.raises(NotAllowed) as refused:
            petitions.registered(county, repeat_of=earlier)
        assert refused.value.code == "new_facts_needed"


@pytest.mark.django_db
def test_a_term_that_ended_yesterday(county):
    petition = reviews.lapsed(county)
    due = Deadline.objects.get(case=petition.case, key="pet.review_apply").due_on
    for days, may in ((0, False), (1, True)):
        with clock.at(clock.now() + (due - clock.today()) + timedelta(days=days)):
            if may:
                ending.conclude(petition.case.number, by=county.scope("office"))
            else:
                with pytest.raises(NotAllowed):
                    ending.conclude(petition.case.number, by=county.scope("office"))
