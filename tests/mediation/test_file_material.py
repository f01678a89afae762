"""材料归入卷宗 (file_material) and the checklist (L-MED-46; opening 15)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.models import Attachment
from casework.rules import NotAllowed
from mediation.actions import agreements, closing
from mediation.models import DossierFile
from mediation.queries import closing as queries
from mediation.queries import dispute as pages
from mediation.rules import dossier as rules
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

CADRE = "village_cadre"


class TestFileMaterial(FiveOfDispute):
    code, made, wrong, doer, state = "file_material", "agreed_with_file", "archived", CADRE, "dispute_agreed"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"file_ids": list(Attachment.objects.filter(case=petition.case).values_list("pk", flat=True)), "item": "3"}

    def after(self, county: County, petition: Any) -> None:
        assert DossierFile.objects.get(dispute=petition).item == "3"


@pytest.mark.django_db
def test_a_file_of_another_case_is_not_there(county):
    other = disputes_closing.agreed_with_file(county)
    mine = disputes_closing.agreed(county)
    with pytest.raises(NotAllowed) as refused:
        closing.file_material(mine.case.number, file_ids=[Attachment.objects.get(case=other.case).pk], item="3", by=county.scope(CADRE))
    assert refused.value.code == "no_file"


@pytest.mark.django_db
def test_the_checklist_names_what_is_missing_and_what_stands_where(county):
    dispute = disputes_closing.with_file(disputes_closing.followed(county), county)
    lines = {line.item.code: line for line in queries.volume(dispute)}
    assert rules.missing(list(lines.values())) == ["当事人身份证明"]
    assert [paper.paper for paper in lines["8"].papers] == ["M06"]
    assert [paper.paper for paper in lines["7"].papers] == ["M05"]
    disputes_closing.filed(dispute, county)
    assert rules.missing(queries.volume(dispute)) == []
    assert queries.missing_of(pages.page(dispute)) == []


@pytest.mark.django_db
def test_a_proof_of_performance_stands_at_its_item_by_itself_and_can_be_moved(county):
    dispute = disputes_closing.with_file(disputes_closing.agreed(county), county, "转账凭证.png")
    file = Attachment.objects.get(case=dispute.case)
    agreements.perform(dispute.case.number, item_no=1, on=clock.today(), proof="转账", attachment_id=file.pk, by=county.scope(CADRE))
    assert queries.places(dispute) == {file.pk: "9"}
    closing.file_material(dispute.case.number, file_ids=[file.pk], item="6", by=county.scope(CADRE))
    assert queries.places(dispute) == {file.pk: "6"}


@pytest.mark.parametrize(
    ("name", "item"),
    [("甲方身份证正面.jpg", "3"), ("授权委托书.pdf", "4"), ("收条.jpg", "9"), ("民事裁定书.pdf", "11"), ("现场照片.jpg", "")],
)
def test_the_name_of_a_file_hints_at_its_item(name, item):
    assert rules.hint(Attachment(name=name)) == item


@pytest.mark.django_db
def test_the_page_of_the_dossier_files_and_says_what_is_missing(county, sign_in):
    dispute = disputes_closing.with_file(disputes_closing.followed(county), county)
    address = f"/mediation/{dispute.case.number}/dossier/"
    client = sign_in(CADRE)
    page = client.get(address).content.decode()
    assert "还缺 1 项必备材料" in page
    file = Attachment.objects.get(case=dispute.case)
    bad = client.post(address, {"version": dispute.case.version, "item": "3"})
    assert bad.status_code == 422
    answer = client.post(address, {"version": dispute.case.version, "file_ids": [file.pk], "item": "3"})
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "必备材料已齐" in client.get(address).content.decode()
    assert "归入卷宗</button>" not in sign_in("auditor").get(address).content.decode()
    assert sign_in("other_handler").get(address).status_code == 404


@pytest.mark.django_db
def test_a_file_uploaded_at_the_dossier_leads_back_to_the_dossier(county, sign_in):
    dispute = disputes_closing.agreed(county)
    address = f"/mediation/{dispute.case.number}/dossier/"
    browser = sign_in(CADRE)
    answer = browser.post(f"{address}attach/", {"files": SimpleUploadedFile("甲方身份证.png", disputes_closing.picture()), "label": "甲方身份证"})
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "还没有归入卷宗的材料：甲方身份证" in browser.get(address).content.decode()


@pytest.mark.django_db
def test_a_file_refused_at_the_dossier_is_told_there_and_the_label_stays(county, sign_in):
    dispute = disputes_closing.agreed(county)
    number = dispute.case.number
    answer = sign_in(CADRE).post(f"/mediation/{number}/dossier/attach/", {"files": SimpleUploadedFile("a.exe", b"MZ"), "label": "乙方户口簿"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="乙方户口簿"' in page
    assert "卷内项目" in page
    assert not Attachment.objects.filter(case=dispute.case).exists()
    assert sign_in("auditor").post(f"/mediation/{number}/dossier/attach/", {"label": ""}).status_code in (403, 404)
