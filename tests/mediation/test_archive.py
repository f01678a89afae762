"""立卷归档 (archive): not while a required item is missing; one PDF with contents and page numbers, whose bytes never change (L-MED-46)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from casework import documents
from casework.models import Case, Deadline
from casework.rules import NotAllowed, Outcome
from mediation import binding
from mediation.actions import closing
from mediation.models import Dossier, KeepTerm
from mediation.tasks import bind_dossiers
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

CADRE = "village_cadre"


class TestArchive(FiveOfDispute):
    code, made, wrong, doer, state = "archive", "complete", "performed", CADRE, "dispute_archived"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"name": "陈桂兰与陈德旺房屋、宅基地纠纷"}

    def after(self, county: County, petition: Any) -> None:
        case, row = petition.case, Dossier.objects.get(dispute=petition)
        assert (case.outcome, case.closed_at is not None) == (Outcome.SOLVED, True)
        assert row.number == f"（{clock.today().year}）九曲村人调字第1号"
        assert row.keep_years == 10
        assert not Deadline.objects.filter(case=case, met_on=None, dropped_on=None).exists()


class TestArchiveEnded(TestArchive):
    """Ended without an agreement: a shorter dossier, the notice of the end in place of the agreement (调解法§26)."""

    made = "ended_complete"

    def after(self, county: County, petition: Any) -> None:
        assert petition.case.outcome == Outcome.UNSETTLED
        assert Dossier.objects.filter(dispute=petition).exists()


@pytest.mark.django_db
def test_it_is_blocked_while_a_required_item_is_missing(county):
    dispute = disputes_closing.followed(county)
    with pytest.raises(NotAllowed) as refused:
        closing.archive(dispute.case.number, name="卷", by=county.scope(CADRE))
    assert refused.value.code == "incomplete"
    assert "当事人身份证明" in refused.value.message
    assert Case.objects.get(pk=dispute.pk).closed_at is None


@pytest.mark.django_db
def test_an_agent_without_a_letter_of_authority_is_missing(county):
    people = [disputes.person("陈桂兰", "a"), disputes.person("陈德旺", "b")]
    agent = disputes.person("陈小旺", "b", authority="授权委托书")
    agent = type(agent)(agent.letter, agent.facts, is_agent=True)
    dispute = disputes_closing.filed(disputes_closing.with_file(disputes_closing.followed(county, people=[*people, agent]), county), county)
    with pytest.raises(NotAllowed) as refused:
        closing.archive(dispute.case.number, name="卷", by=county.scope(CADRE))
    assert refused.value.message.count("授权委托书") == 1


@pytest.mark.django_db
def test_not_while_the_court_has_it(county):
    dispute = disputes_closing.asked(disputes_closing.agreed(county), county)
    number = dispute.case.number
    from_here = {"by": county.scope(CADRE)}
    disputes_closing.agreements.perform(number, item_no=1, on=clock.today(), proof="已拆除", **from_here)
    disputes_closing.visited(dispute, county)
    disputes_closing.filed(disputes_closing.with_file(dispute, county), county)
    with pytest.raises(NotAllowed) as refused:
        closing.archive(number, name="卷", **from_here)
    assert refused.value.code == "at_court"


@pytest.mark.django_db
def test_how_long_it_is_kept_is_a_setting_with_its_first_day(county):
    KeepTerm.objects.create(
        difficulty="2", years=30, valid_from=date(2020, 1, 1), reason="县档案局", set_by=county.people["office"], set_at=clock.now()
    )
    KeepTerm.objects.create(
        difficulty="2", years=None, valid_from=clock.today() + timedelta(days=1), reason="以后", set_by=county.people["office"], set_at=clock.now()
    )
    assert Dossier.objects.get(dispute=disputes_closing.archived(county)).keep_words == "30年"


# -- the volume ----------------------------------------------------------------------------------------------------------------------------


ORDER = ("权利义务告知书", "甲方身份证2", "测绘图", "调解记录", "人民调解协议书", "回访记录")


def _sheet(pages: int) -> bytes:
    """Drawn on, landscape, and turned as a scanner lays it: an empty page has nothing to move and proves nothing."""
    leaf = "<style>@page { size: A4 landscape }</style>" + "<p style='break-after: page'>测绘图纸</p>" * (pages - 1) + "<p>测绘图纸</p>"
    out, held = PdfWriter(clone_from=PdfReader(BytesIO(documents.to_pdf(leaf)))), BytesIO()
    for page in out.pages:
        page.rotate(90)
    out.write(held)
    return held.getvalue()


@pytest.fixture
def volume(county: County) -> Dossier:
    """A dossier with a picture, one of thirty million points, a PDF of two scanned pages, turned, a broken PDF and a recording."""
    dispute = disputes_closing.followed(county)
    disputes_closing.with_file(dispute, county)
    for name, content in (
        ("证据 测绘图.pdf", _sheet(2)),
        ("坏文件.pdf", b"%PDF-1.7\nnothing more"),
        ("通话.mp3", b"ID3" + b"\0" * 64),
        ("过大.png", disputes_closing.picture(size=(6_000, 5_000))),
    ):
        disputes_closing.with_file(dispute, county, name, content)
    disputes_closing.filed(dispute, county, "6")
    disputes_closing.with_file(dispute, county, "甲方身份证2.png", disputes_closing.picture("grey"))
    newest = dispute.case.attachments.order_by("-pk")[0]
    closing.file_material(dispute.case.number, file_ids=[newest.pk], item="3", by=county.scope(CADRE))
    closing.archive(dispute.case.number, name="陈桂兰与陈德旺宅基地纠纷", by=county.scope(CADRE))
    return Dossier.objects.get(dispute=dispute)


@pytest.mark.django_db
def test_the_volume_has_cover_contents_every_paper_in_order_and_running_numbers(volume):
    content = binding.open_volume(volume)
    reader = PdfReader(BytesIO(content))
    words = [page.extract_text().replace("\n", "") for page in reader.pages]
    assert volume.number in words[0]
    assert "卷内目录" in words[1]
    titles = [item["/Title"] for item in reader.outline if isinstance(item, dict)]
    order = [next(no for no, title in enumerate(titles) if name in title) for name in ORDER]
    assert order == sorted(order), "the fixed order of the items, not that of the days"
    first = len(reader.pages) - 1 - (volume.pages or 0)
    contents = "".join(words[1:first])
    assert all(f"{no}" in page for no, page in enumerate(words[first:-1], start=1))
    assert f"本卷共 {volume.pages} 页" in words[-1]
    assert "测绘图" in contents
    assert sum("测绘图纸" in page for page in words) == 2, "what was drawn on somebody's own PDF is in the volume"
    assert len(titles) == 12, "a bookmark for each paper and file"
    assert sum("电子材料说明" in page for page in words) == 3, "the broken PDF, the recording and the huge picture have a sheet in their place"
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages} == {(595, 842)}


@pytest.mark.django_db
def test_its_bytes_never_change_once_bound(volume):
    first = binding.open_volume(volume)
    assert binding.open_volume(Dossier.objects.get(pk=volume.pk)) == first
    target = binding.path_of(volume, volume.sha256)
    target.write_bytes(first + b"x")
    with pytest.raises(documents.Falsified):
        binding.open_volume(volume)
    target.unlink()
    with pytest.raises(documents.Falsified):
        binding.open_volume(volume)


@pytest.mark.django_db
def test_the_sweep_binds_what_nobody_opened_and_then_finds_nothing(volume):
    bind_dossiers()
    assert Dossier.objects.get(pk=volume.pk).bound_at is not None
    assert not binding.bind_next()


@pytest.mark.django_db
def test_what_went_wrong_is_kept_and_tried_again_later(volume, monkeypatch):
    def broken(dossier: Dossier) -> None:
        raise documents.MissingGlyphs("字库里没有“𠮷”")

    monkeypatch.setattr(binding, "compose", broken)
    assert binding.bind_next()
    assert "𠮷" in Dossier.objects.get(pk=volume.pk).failure
    assert not binding.bind_next(), "not before ten minutes are over"
    monkeypatch.undo()
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert binding.bind_next()
    assert Dossier.objects.get(pk=volume.pk).failure == ""


@pytest.mark.django_db
def test_the_volume_over_http(volume, county, sign_in):
    address = f"/mediation/{volume.dispute.case.number}/dossier/pdf/"
    answer = sign_in(CADRE).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert sign_in("other_handler").get(address).status_code == 404
    open_one = disputes_closing.complete(county)
    assert sign_in(CADRE).get(f"/mediation/{open_one.case.number}/dossier/pdf/").status_code == 404
