"""立卷归档 over HTTP for every way a dispute can end: what its dossier asks for, and how the case is counted (L-MED-46, MED-3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casework.models import Case, Deadline
from casework.rules import Outcome
from mediation import binding
from mediation.actions import agreements, closing, court, endings, joint
from mediation.models import Dispute, Dossier
from organisations import clock
from tests.factories import disputes, disputes_closing, disputes_joint, disputes_talks
from tests.factories.county import County

CADRE = "village_cadre"


def _visited(dispute: Dispute, county: County) -> Dispute:
    return disputes_closing.visited(dispute, county)


def kept(county: County) -> Dispute:
    return disputes_closing.followed(county)


def by_word_of_mouth(county: County) -> Dispute:
    return _visited(disputes_talks.on_the_spot(county), county)


def mediated_again(county: County) -> Dispute:
    """Broken, mediated again, a second agreement kept."""
    number, by = disputes_talks.breached(county).case.number, {"by": county.scope(CADRE)}
    dispute = agreements.mediate_again(number, words="双方同意延期。", is_willing=True, **by)
    agreements.agree(number, **disputes_talks.terms(dispute), **by)
    for no in (1, 2, 3):
        dispute = agreements.perform(number, item_no=no, on=clock.today(), proof="收条", **by)
    return _visited(dispute, county)


def terminated(county: County) -> Dispute:
    return disputes_closing.ended(county)


def terminated_without_a_talk(county: County) -> Dispute:
    number = disputes.accepted(county).case.number
    return endings.terminate(number, reason="1", words="乙方明确拒绝调解。", way="litigation", routes=["litigation"], by=county.scope(CADRE))


def terminated_after_a_breach(county: County) -> Dispute:
    number = disputes_talks.breached(county).case.number
    return endings.terminate(number, reason="2", words="乙方仍不履行，甲方起诉。", way="litigation", routes=["litigation"], by=county.scope(CADRE))


def withdrawn(county: County) -> Dispute:
    return endings.withdraw(disputes_closing.talked(county).case.number, words="双方自行和解。", by=county.scope(CADRE))


def withdrawn_at_once(county: County) -> Dispute:
    return endings.withdraw(disputes.registered(county).case.number, words="申请人不再要求调解。", by=county.scope(CADRE))


def agreed_at_another_body(county: County) -> Dispute:
    return _visited(disputes_joint.reported_by_body(county), county)


def agreed_at_another_body_and_written_down(county: County) -> Dispute:
    dispute, by = disputes_joint.reported_by_body(county), {"by": county.scope(CADRE)}
    agreements.agree(dispute.case.number, **disputes_talks.terms(dispute), **by)
    for no in (1, 2, 3):
        agreements.perform(dispute.case.number, item_no=no, on=clock.today(), proof="转账记录", **by)
    return _visited(dispute, county)


def agreed_at_another_body_not_kept_at_first(county: County) -> Dispute:
    dispute = disputes_joint.reported_by_body(county)
    disputes_closing.visited(dispute, county, performance="3", problems="第二期款没有付。")
    return _visited(dispute, county)


def decided_by_another_body(county: County) -> Dispute:
    number = disputes_joint.taken_by_body(county).case.number
    return joint.report_body(number, result="decided", way="arbitration", words="仲裁委作出裁决。", by=county.scope("labour_handler"))


def agreed_in_court(county: County) -> Dispute:
    return _visited(disputes_joint.out_of_court(county), county)


def judged(county: County) -> Dispute:
    number = disputes_joint.in_court(county).case.number
    return court.return_from_court(number, result="3", ended_on=clock.today(), words="判决乙方恢复原状。", by=county.scope("judge"))


#: made, what stands at item 8, where its paper is attached ("" where the program issues it), how the case is counted.
ENDINGS: list[tuple[Callable[[County], Dispute], str, str, str]] = [
    (kept, "调解协议书", "", Outcome.SOLVED),
    (by_word_of_mouth, "调解协议书", "", Outcome.SOLVED),
    (mediated_again, "调解协议书", "", Outcome.SOLVED),
    (terminated, "终止调解通知书", "", Outcome.UNSETTLED),
    (terminated_without_a_talk, "终止调解通知书", "", Outcome.UNSETTLED),
    (terminated_after_a_breach, "终止调解通知书", "", Outcome.UNSETTLED),
    (withdrawn, "终止调解通知书", "", Outcome.WITHDRAWN),
    (withdrawn_at_once, "终止调解通知书", "", Outcome.WITHDRAWN),
    (agreed_at_another_body, "移送组织", "8", Outcome.SOLVED),
    (agreed_at_another_body_and_written_down, "调解协议书", "", Outcome.SOLVED),
    (agreed_at_another_body_not_kept_at_first, "移送组织", "8", Outcome.SOLVED),
    (decided_by_another_body, "处理结果", "8", Outcome.UNSETTLED),
    (agreed_in_court, "移送组织", "8", Outcome.SOLVED),
    (judged, "处理结果", "8", Outcome.UNSETTLED),
]


def archive(client: Any, dispute: Dispute) -> Any:
    case = Case.objects.get(pk=dispute.pk)
    data = {"name": "陈桂兰与陈德旺宅基地纠纷", "remarks": "", "version": str(case.version), "submission": ""}
    return client.post(f"/mediation/{case.number}/archive/", data)


@pytest.mark.django_db
@pytest.mark.parametrize(("made", "words", "item", "outcome"), ENDINGS, ids=[row[0].__name__ for row in ENDINGS])
def test_every_ending_can_be_archived_once_its_own_dossier_is_complete(county, sign_in, made, words, item, outcome):
    dispute, client = made(county), sign_in(CADRE)
    number = Case.objects.get(pk=dispute.pk).number
    page = client.get(f"/mediation/{number}/dossier/").content.decode()
    assert words in page
    if item:
        disputes_closing.with_file(dispute, county, "甲方身份证.png")
        disputes_closing.filed(dispute, county)
        refused = archive(client, dispute)
        assert (refused.status_code, words in refused.content.decode()) == (422, True)
        disputes_closing.with_file(dispute, county, "处理文书.png", disputes_closing.picture("grey"))
        newest = Case.objects.get(pk=dispute.pk).attachments.order_by("-pk")[0]
        closing.file_material(number, file_ids=[newest.pk], item=item, by=county.scope(CADRE))
    elif made is not withdrawn_at_once:
        disputes_closing.filed(disputes_closing.with_file(dispute, county), county)
    answer = archive(client, dispute)
    assert answer.status_code in (302, 303), answer.content.decode()
    case = Case.objects.get(pk=dispute.pk)
    assert (case.state, case.outcome, case.closed_at is not None) == ("dispute_archived", outcome, True)
    assert not Deadline.objects.filter(case=case, met_on=None, dropped_on=None).exists()
    row = Dossier.objects.get(dispute=dispute.pk)
    assert row.ended_on <= clock.today()
    assert binding.open_volume(row).startswith(b"%PDF")


@pytest.mark.django_db
def test_what_was_agreed_elsewhere_and_broken_can_be_mediated_again_here(county, sign_in):
    dispute = disputes_joint.reported_by_body(county)
    number = dispute.case.number
    disputes_closing.visited(dispute, county, performance="3", problems="分期款没有付。")
    case = Case.objects.get(pk=dispute.pk)
    assert case.state == "dispute_breached"
    data = {"words": "双方同意重新商量期限。", "is_willing": "on", "version": str(case.version)}
    assert sign_in(CADRE).post(f"/mediation/{number}/mediate_again/", data).status_code in (302, 303)
    case.refresh_from_db()
    assert case.state == "dispute_mediating"


@pytest.mark.django_db
def test_a_written_agreement_performed_at_once_may_be_confirmed_too(county):
    """调解法§33 asks for an agreement in effect, not for one still to be performed; one by word of mouth cannot be."""
    dispute = disputes_talks.mediating(county)
    written = {"is_on_the_spot": True, "items": [agreements.Owed("deed", "b", "a", "恢复排水沟", clock.today())], "total": 0}
    agreements.agree(dispute.case.number, **disputes_talks.terms(dispute, **written), by=county.scope(CADRE))
    confirm = Deadline.objects.get(case=dispute.case, key="med.confirm")
    assert (confirm.met_on, (confirm.base_on)) == (None, clock.today())
    case = disputes_closing.asked(dispute, county).case
    assert case.state == "dispute_performed"
    oral = disputes_talks.on_the_spot(county)
    assert not Deadline.objects.filter(case=oral.case, key="med.confirm").exists()
