"""The letter a sealed report goes up with: one at a time; taken back with its reason, it is void and another may be issued (GB/T 9704)."""

from __future__ import annotations

import pytest

from casework.models import Document
from casework.rules import NotAllowed
from reports.models import Letter, Report
from reports.month import actions
from tests.factories import months
from tests.factories.months import at
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/reports/months/"
ASKED = {"to": "县委、县政府", "signer": "马国强"}


@pytest.fixture
def report(county) -> Report:
    """Sealed, its bytes left out: the letter does not read them."""
    with at(11, 3):
        closed = months.closed(county)
    Report.objects.filter(pk=closed.pk).update(manifest="{}", manifest_sha256="a" * 64, pages=20, state="ready")
    closed.refresh_from_db()
    return closed


def test_a_second_letter_is_refused_with_the_number_of_the_first(county, report, sign_in):
    head = sign_in("centre_head")
    assert head.post(f"{PAGE}{report.pk}/letter/", ASKED).status_code == 302
    again = head.post(f"{PAGE}{report.pk}/letter/", ASKED)
    assert again.status_code == 409
    assert "县中心群报〔2026〕1号" in again.content.decode()
    assert "请先收回" in again.content.decode()
    assert Document.objects.filter(paper="R01").count() == 1
    page = head.get(f"{PAGE}{report.pk}/").content.decode()
    assert "有效" in page
    assert "收回呈报函" in page
    assert "出具呈报函" not in page


def test_one_taken_back_is_void_and_the_next_says_what_it_replaces(county, report, sign_in):
    office = sign_in("office")
    assert office.post(f"{PAGE}{report.pk}/letter/back/", {"because": "写错"}).status_code == 409
    office.post(f"{PAGE}{report.pk}/letter/", ASKED)
    empty = office.post(f"{PAGE}{report.pk}/letter/back/", {"because": ""})
    assert empty.status_code == 422
    assert "请写明收回的原因" in empty.content.decode()
    assert office.post(f"{PAGE}{report.pk}/letter/back/", {"because": "主送机关写错"}).status_code == 302
    first = Document.objects.get(paper="R01")
    assert first.withdrawn_at is not None
    page = office.get(f"{PAGE}{report.pk}/").content.decode()
    assert "已收回作废" in page
    assert "主送机关写错" in page
    assert office.post(f"{PAGE}{report.pk}/letter/", {**ASKED, "to": "县委"}).status_code == 302
    second = Document.objects.filter(paper="R01").latest("pk")
    assert (second.number, second.corrects, second.context["replaced"]) == ("县中心群报〔2026〕2号", first, first.number)


@pytest.mark.parametrize(("person", "status"), [("leader", 403), ("auditor", 403), ("town_head", 404), ("clerk", 403)])
def test_who_may_not_issue_may_not_take_back(county, report, sign_in, person, status):
    sign_in("centre_head").post(f"{PAGE}{report.pk}/letter/", ASKED)
    assert sign_in(person).post(f"{PAGE}{report.pk}/letter/back/", {"because": "x"}).status_code == status
    assert Letter.objects.get().withdrawn_at is None


def test_two_who_issue_at_once_issue_one(county, report):
    by = county.scope("centre_head")
    answers = at_once([lambda: actions.send_up(report.pk, to="县委", signer="马国强", by=by)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Document", "NotAllowed"]
    assert next(answer for answer in answers if isinstance(answer, NotAllowed)).code == "letter_stands"
    assert Document.objects.filter(paper="R01").count() == Letter.objects.count() == 1
