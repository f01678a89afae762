"""达成协议 (agree): items that add up, written where the law says so, in force when signed and sealed (调解法§28–30; L-MED-22; MED-7)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import documents
from casework.models import Deadline, Document
from casework.rules import NotAllowed
from mediation.actions import agreements, ladder, mediators
from mediation.actions.act import begin
from mediation.actions.agreements import Owed
from mediation.api.acts.talks import AgreeInput
from mediation.models import Agreement, AgreementItem, Mediating, Performance, Rung
from organisations import clock
from tests.casework.sheets import sheets
from tests.factories import disputes, disputes_joint, disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestAgree(FiveOfTalks):
    code, made, wrong, doer, state, paper = "agree", "mediating", "with_mediator", "village_cadre", "dispute_agreed", "M06"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        there, today = disputes_talks.parties(petition), clock.today()
        typed = {
            "form": "1",
            "facts": "乙方翻建院墙堵住甲方排水沟。",
            "disputed": "补偿多少。",
            "content": "乙方恢复排水沟并补偿甲方6500元。",
            "total": "6500",
            "reached_on": today.isoformat(),
            "signed_on": today.isoformat(),
            "sealed_on": today.isoformat(),
            "signer_a": there["a"],
            "signer_b": there["b"],
            "way": "1",
            "items-TOTAL_FORMS": "3",
            "items-INITIAL_FORMS": "0",
        }
        rows = [("money", "补偿款第一期", "4000.00", 10), ("money", "补偿款第二期", "2500.00", 40), ("deed", "恢复排水沟", "", 20)]
        for no, (kind, what, amount, days) in enumerate(rows):
            due = (today + timedelta(days=days)).isoformat()
            row = {"kind": kind, "debtor": "b", "creditor": "a", "what": what, "amount": amount, "due_on": due, "way": ""}
            typed |= {f"items-{no}-{name}": value for name, value in row.items()}
        return typed

    def after(self, county: County, petition: Any) -> None:
        row = Agreement.objects.get(dispute=petition)
        assert (row.total, row.effective_on, row.mediators) == (Decimal(6500), clock.today(), [county.people["village_cadre"].name])
        assert (petition.way, petition.result, petition.agreed_on) == ("mediated", "1", clock.today())
        assert Rung.objects.get(dispute=petition).end == "settled"
        running = dict(Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).values_list("key", "due_on"))
        assert running == {"med.perform": clock.today() + timedelta(days=10), "med.confirm": running["med.confirm"]}
        assert running["med.confirm"] >= clock.today() + timedelta(days=30)
        paper = Document.objects.get(case=petition.case, paper="M06").context
        assert paper["total"] == "6,500.00元（大写：陆仟伍佰元整）"
        assert "肆仟元整" in paper["items"][0]["words"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"total": Decimal("6500.01")}, "相加是 6500.00 元"),
        ({"items": []}, "逐项"),
        ({"signed": []}, "还缺：甲方、乙方"),
        ({"sealed_on": None}, "印章"),
        ({"form": "2"}, "不能当场履行"),
        ({"reached_on": disputes_talks.day(1)}, "日期"),
    ],
)
def test_what_does_not_bind_is_refused(county, changes, words):
    dispute = disputes_talks.mediating(county)
    with pytest.raises(NotAllowed, match=words):
        agreements.agree(dispute.case.number, **disputes_talks.terms(dispute, **changes), by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_nobody_owes_himself_and_only_money_has_a_sum(county):
    dispute = disputes_talks.mediating(county)
    due = disputes_talks.day(5)
    for owed, words in (
        (Owed("deed", "a", "a", "道歉", due), "哪一方向哪一方"),
        (Owed("deed", "b", "c", "道歉", due), "哪一方向哪一方"),
        (Owed("deed", "b", "a", "道歉", due, Decimal(1)), "不写金额"),
        (Owed("money", "b", "a", "补偿", due), "写金额"),
        (Owed("deed", "b", "a", "道歉", disputes_talks.day(-1)), "不能早于"),
    ):
        typed = disputes_talks.terms(dispute, items=[owed], total=owed.amount or Decimal(0))
        with pytest.raises(NotAllowed, match=words):
            agreements.agree(dispute.case.number, **typed, by=county.scope("village_cadre"))
    assert not Agreement.objects.exists()


@pytest.mark.django_db
def test_by_word_of_mouth_and_at_once(county):
    """L-MED-25 简易: oral, performed on the spot; registered on M07, no confirmation to be asked for, the visit runs."""
    dispute = disputes_talks.on_the_spot(county)
    assert dispute.case.state == "dispute_performed"
    assert Performance.objects.get(item__agreement__dispute=dispute).amount == Decimal(300)
    assert AgreementItem.objects.get(agreement__dispute=dispute).done_on == clock.today()
    assert Document.objects.filter(case=dispute.case, paper="M07").count() == 1
    running = Deadline.objects.filter(case=dispute.case, met_on=None, dropped_on=None).values_list("key", flat=True)
    assert list(running) == ["med.followup_s"]


@pytest.mark.django_db
def test_the_signatures_stand_under_words_of_the_agreement(county):
    """However long it is: the mediator's row and the seal stood on a third page by themselves."""
    dispute = disputes_talks.agreed(county)
    paper = Document.objects.get(case=dispute.case, paper="M06")
    facts = paper.context["fact_lines"][0]
    for count in range(1, 23):
        paper.context["fact_lines"] = [facts[:28]] * count
        last = "".join(sheets(documents.to_pdf(documents.html(paper)))[-1].text.split())
        assert "本协议自各方当事人签名" in last, count
        assert last.index("当事人签名") < last.index("调解员签名"), count


@pytest.mark.django_db
def test_land_is_written(county):
    """L-MED-16: 农村土地承包经营纠纷调解仲裁法§10."""
    dispute = disputes_talks.mediating(county, type_code="07")
    changes = {"form": "2", "is_on_the_spot": True, "sealed_on": None}
    with pytest.raises(NotAllowed, match="农村土地"):
        agreements.agree(dispute.case.number, **disputes_talks.terms(dispute, **changes), by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_difficult_ones_are_closed_together(county, sign_in):
    """MED-7: 疑难复杂 only by a team, or by people of two units together; the button says that something is missing."""
    dispute = disputes_talks.mediating(county, difficulty="3")
    by, page = county.scope("village_cadre"), f"/mediation/{dispute.case.number}/?act=agree"
    button = re.compile(r"达成协议\s*<span[^>]*>还差 1")
    assert button.search(sign_in("village_cadre").get(page).content.decode())
    with pytest.raises(NotAllowed, match="3\\+N"):
        agreements.agree(dispute.case.number, **disputes_talks.terms(dispute), by=by)
    lawyer = county.people["town_handler"]
    act = begin("name_mediator", dispute.case.number, by)
    mediators.appoint(
        act, name=lawyer.name, unit_id=county.units["fushan"].id, user_id=lawyer.id, chosen=Mediating.Chosen.INVITED, part=Mediating.Part.JOINING
    )
    assert not button.search(sign_in("village_cadre").get(page).content.decode())
    assert agreements.agree(dispute.case.number, **disputes_talks.terms(dispute), by=by).case.state == "dispute_agreed"


@pytest.mark.django_db
def test_grave_ones_not_in_the_village(county):
    dispute = disputes_talks.mediating(county, difficulty="4")
    with pytest.raises(NotAllowed, match="村级"):
        agreements.agree(dispute.case.number, **disputes_talks.terms(dispute), by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_a_party_does_not_mediate(county):
    """L-MED-5: nobody is judge in his own cause."""
    dispute = disputes_talks.informed(county)
    act = begin("name_mediator", dispute.case.number, county.scope("village_cadre"))
    with pytest.raises(NotAllowed, match="同名"):
        mediators.appoint(act, name="陈德旺", unit_id=None)
    assert ladder.name_mediator(dispute.case.number, to_user_id=county.people["village_cadre"].id, reason="指定", by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_what_another_body_reached_is_written_down_once(county):
    """三调联动: the body reports that they agreed; its items are entered here and kept like any (L-MED-11, L-MED-24)."""
    dispute = disputes_joint.reported_by_body(county)
    number = dispute.case.number
    by = county.scope("village_cadre")
    agreements.agree(number, **disputes_talks.terms(dispute), by=by)
    assert AgreementItem.objects.filter(agreement__dispute=dispute).count() == 3
    assert not Deadline.objects.filter(case=dispute.case, key="med.followup", met_on=None, dropped_on=None).exists()
    with pytest.raises(NotAllowed, match="已经有协议"):
        agreements.agree(number, **disputes_talks.terms(dispute), by=by)


@pytest.mark.django_db
def test_a_machine_sends_the_same(county):
    """The API's input becomes the action's own facts."""
    dispute = disputes_talks.mediating(county)
    today = clock.today().isoformat()
    there = disputes_talks.parties(dispute)
    sent = {
        "form": "1",
        "facts": "事实",
        "disputed": "争议",
        "content": "内容",
        "items": [{"kind": "money", "debtor": "b", "creditor": "a", "what": "补偿款", "due_on": today, "amount": "6500.05"}],
        "total": "6500.05",
        "reached_on": today,
        "signed": [{"party_id": there["a"]}, {"party_id": there["b"], "way": "2"}],
        "signed_on": today,
        "sealed_on": today,
    }
    read = AgreeInput(data=sent)
    assert read.is_valid(), read.errors
    agreements.agree(dispute.case.number, **read.validated_data, by=county.scope("village_cadre"))
    assert Agreement.objects.get(dispute=dispute).total == Decimal("6500.05")


@pytest.mark.django_db
def test_the_page_asks_no_more_for_more_rows(county, sign_in, django_assert_max_num_queries):
    """The talks and the agreement ride on the page's one statement."""
    client = sign_in("village_cadre")
    plain = disputes.accepted(county).case.number
    full = disputes_talks.agreed(county).case.number
    for number in (plain, full):
        client.get(f"/mediation/{number}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/mediation/{plain}/")
    with django_assert_max_num_queries(len(few) + 2):
        client.get(f"/mediation/{full}/")


@pytest.mark.django_db
def test_only_the_sides_there_are_can_owe_or_be_owed(county, sign_in):
    two = disputes_talks.mediating(county).case.number
    page = sign_in("village_cadre").get(f"/mediation/{two}/?act=agree").content.decode()
    assert "乙方</option>" in page
    assert "丙方</option>" not in page
