"""更正文书 (correct_paper): a new paper that cites the old by number and date; the old one stays as it was (L-PET-70)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import documents
from casework.models import Deadline, Document
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import letters
from tests.factories import petitions, reviews
from tests.factories.five import FiveQuestions


class TestCorrectPaper(FiveQuestions):
    code, made, wrong, doer, state = "correct_paper", "replied", "voided", "head", "replied"

    def typed(self, county, petition):
        paper = Document.objects.filter(case=petition.case, paper="P11").first()
        return {"document_id": paper.pk if paper else 1, "wrong_1": "经丈量确认越界", "right_1": "经丈量确认越界0.6米", "reason": "漏写数值"}

    def test_not_at_the_wrong_moment(self, county, sign_in):
        """A void case is the centre's; its own head is refused by the moment."""
        petition = petitions.registered(county)
        letters_before = Document.objects.count()
        answer = self.send(sign_in("centre_head"), county, petition)
        assert answer.status_code == 422
        assert Document.objects.count() == letters_before

    def after(self, county, petition):
        old, new = Document.objects.filter(case=petition.case, paper="P11").order_by("id")
        assert new.corrects == old
        assert "0.6米" not in str(old.context)
        assert new.context["points"][0]["result"].startswith("经丈量确认越界0.6米")
        page = documents.html(new)
        assert old.number in page
        assert "现予更正（漏写数值）" in page
        assert f"{old.issued_at.year}年" in page


@pytest.mark.django_db
def test_the_old_paper_stays_readable_and_says_what_took_its_place(county, sign_in):
    petition = petitions.replied(county)
    old = Document.objects.get(case=petition.case, paper="P11")
    before = documents.render(old)
    letters.correct_paper(
        petition.case.number, document_id=old.pk, changes=[("第二百八十八条", "第二百三十六条")], reason="引用法条笔误", by=county.scope("head")
    )
    new = Document.objects.get(corrects=old)
    old.refresh_from_db()
    assert documents.render(old) == before
    page = sign_in("handler").get(f"/petitions/{petition.case.number}/").content.decode()
    assert f"已被 {new.number} 更正" in page
    assert f"更正 {old.number}" in page
    assert sign_in("handler").get(f"/papers/{old.pk}/").content == before
    # Same series, next number, no gap.
    assert new.number.split("〔")[0] == old.number.split("〔")[0]
    assert int(new.number.split("〕")[1][:-1]) == int(old.number.split("〕")[1][:-1]) + 1


@pytest.mark.django_db
def test_only_the_newest_is_corrected_and_only_what_stands_in_it(county):
    petition = petitions.replied(county)
    old = Document.objects.get(case=petition.case, paper="P11")
    change = {"document_id": old.pk, "reason": "笔误", "by": county.scope("head")}
    with pytest.raises(NotAllowed) as refused:
        letters.correct_paper(petition.case.number, changes=[("没有写过的话", "别的话")], **change)
    assert refused.value.code == "not_found"
    letters.correct_paper(petition.case.number, changes=[("越界", "越界半米")], **change)
    with pytest.raises(NotAllowed) as refused:
        letters.correct_paper(petition.case.number, changes=[("越界", "越界一米")], **change)
    assert refused.value.code == "corrected_before"
    with pytest.raises(NotAllowed) as refused:
        letters.correct_paper(
            petition.case.number,
            document_id=Document.objects.get(case=petition.case, paper="P08").pk,
            changes=[("转送", "交办")],
            reason="笔误",
            by=county.scope("head"),
        )
    assert refused.value.code == "wrong_unit"


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [[("越界", "越界")], [("越界", "越过界线"), ("越过界线", "越界")]])
def test_a_correction_that_changes_nothing_is_no_paper_and_is_told_so(county, changes):
    """The words do stand in the paper; «照原文抄写» sent the head looking for a slip that is not there."""
    petition = petitions.replied(county)
    old = Document.objects.get(case=petition.case, paper="P11")
    with pytest.raises(NotAllowed) as refused:
        letters.correct_paper(petition.case.number, document_id=old.pk, changes=changes, reason="笔误", by=county.scope("head"))
    assert refused.value.code == "nothing_changed"
    assert refused.value.status == 422
    assert "更正" in str(refused.value)
    assert "照原文抄写" not in str(refused.value)
    assert not Document.objects.filter(corrects=old).exists()


@pytest.mark.django_db
def test_only_who_issued_a_paper_is_offered_its_correction(county, sign_in):
    petition = petitions.routed(county)  # 转送单 and 去向告知书 are the centre's
    address = f"/petitions/{petition.case.number}/"
    assert "act=correct_paper" not in sign_in("head").get(address).content.decode()
    assert "act=serve" not in sign_in("handler").get(address).content.decode()
    assert "act=correct_paper" in sign_in("centre_head").get(address).content.decode()
    assert "act=serve" in sign_in("office").get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("支持", "不予支持"),
        ("经丈量确认越界", "信访人的院墙砌在自家宅基地范围以内，与邻居无关，请求没有事实根据"),
    ],
)
def test_what_changes_the_decision_is_no_correction(county, wrong, right):
    """条例§35: the right to review runs from the decision's receipt; so a decision may not be changed under the name of a correction."""
    petition = petitions.delivered(county)
    old = Document.objects.get(case=petition.case, paper="P11")
    with pytest.raises(NotAllowed) as refused:
        letters.correct_paper(petition.case.number, document_id=old.pk, changes=[(wrong, right)], reason="笔误", by=county.scope("head"))
    assert refused.value.code == "changes_decision"
    assert not Document.objects.filter(corrects=old).exists()


@pytest.mark.django_db
def test_a_slip_put_right_starts_no_new_term(county):
    petition = petitions.delivered(county)
    right = Deadline.objects.get(case=petition.case, key="pet.review_apply")
    old = Document.objects.get(case=petition.case, paper="P11")
    with clock.at(clock.now() + timedelta(days=9)):
        letters.correct_paper(
            petition.case.number, document_id=old.pk, changes=[("第二百八十八条", "第二百三十六条")], reason="笔误", by=county.scope("head")
        )
    assert Deadline.objects.get(case=petition.case, key="pet.review_apply").due_on == right.due_on


@pytest.mark.django_db
def test_a_decision_that_a_review_revoked_is_not_corrected(county, sign_in):
    """条例§35: it stands no more; what takes its place is the new decision."""
    petition = reviews.revoked(county)
    old = Document.objects.get(case=petition.case, paper="P11")
    with pytest.raises(NotAllowed) as refused:
        letters.correct_paper(
            petition.case.number, document_id=old.pk, changes=[("第二百八十八条", "第二百三十六条")], reason="引用法条笔误", by=county.scope("head")
        )
    assert refused.value.code == "paper_undone"
    page = sign_in("head").get(f"/petitions/{petition.case.number}/?act=correct_paper").content.decode()
    assert f'value="{old.pk}"' not in page


@pytest.mark.django_db
def test_a_decision_that_a_review_kept_may_be_corrected(county):
    petition = reviews.reviewed(county)
    old = Document.objects.get(case=petition.case, paper="P11")
    letters.correct_paper(
        petition.case.number, document_id=old.pk, changes=[("第二百八十八条", "第二百三十六条")], reason="引用法条笔误", by=county.scope("head")
    )
    assert Document.objects.filter(corrects=old).exists()
