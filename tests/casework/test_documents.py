"""Papers: made once, never lost and never two, whatever breaks in between; opened only through the scope."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import connection

from casework import documents
from casework.models import Document
from organisations import clock
from organisations.models import AccessEntry
from petitions import actions, papers
from tests.factories import petitions


def paper_of(petition, code: str = "P05") -> Document:
    return Document.objects.get(case=petition.case, paper=code)


@pytest.mark.django_db
def test_a_name_that_changes_hands_runs_its_numbers_on(county):
    """县水务局 becomes 县水利局; in the same year another unit takes the old name: no number is given twice, none is left out."""
    case, by, now = petitions.registered(county).case, county.scope("clerk").standings[0], clock.now()

    def issued(unit: str, name: str) -> str:
        paper = documents.Paper("P05", "受理告知书", "petitions/papers/accepted.html", county.units[unit].id, name, "受告", {})
        return documents.issue(case, paper, by=by, at=now).number

    numbers = [issued("water", "水务局"), issued("water", "水利局"), issued("fushan", "水务局"), issued("water", "水利局")]
    year = clock.today().year
    assert numbers == [f"水务局受告〔{year}〕1号", f"水利局受告〔{year}〕1号", f"水务局受告〔{year}〕2号", f"水利局受告〔{year}〕2号"]


@pytest.mark.django_db
def test_the_first_opening_makes_the_paper_and_the_second_shows_the_same_bytes(county, sign_in):
    document = paper_of(petitions.accepted(county))
    client = sign_in("handler")
    first = client.get(f"/papers/{document.pk}/")
    document.refresh_from_db()
    assert first.status_code == 200
    assert first.content.startswith(b"%PDF-")
    assert hashlib.sha256(first.content).hexdigest() == document.pdf_sha256
    assert first.headers["ETag"] == f'"{document.pdf_sha256}"'
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/papers/{document.pk}/").content == first.content
    assert client.get(f"/papers/{document.pk}/", headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert AccessEntry.objects.filter(event=AccessEntry.Event.PRINT, object_id=str(document.case_id), user=county.people["handler"]).count() == 3


@pytest.mark.django_db
def test_a_paper_outside_the_scope_is_a_paper_that_does_not_exist(county, sign_in):
    document = paper_of(petitions.accepted(county))
    outside, missing = sign_in("other_handler").get(f"/papers/{document.pk}/"), sign_in("other_handler").get("/papers/999999/")
    assert outside.status_code == missing.status_code == 404
    assert sign_in("other_handler").get(f"/papers/{document.pk}/proof/").status_code == 404
    assert not AccessEntry.objects.filter(event=AccessEntry.Event.PRINT).exists()


@pytest.mark.django_db
def test_the_proof_of_delivery_is_made_from_the_paper_and_logged(county, sign_in):
    document = paper_of(petitions.replied(county), "P11")
    answer = sign_in("handler").get(f"/papers/{document.pk}/proof/")
    assert answer.content.startswith(b"%PDF-")
    assert AccessEntry.objects.filter(event=AccessEntry.Event.PRINT, object_label__contains="送达回证").count() == 1


@pytest.mark.django_db
def test_a_crash_after_the_file_and_before_the_row_loses_nothing(county, monkeypatch):
    document = paper_of(petitions.accepted(county))
    written = []
    write = documents.keep

    def die(target, content):
        write(target, content)
        written.append(target)
        raise KeyboardInterrupt

    monkeypatch.setattr(documents, "keep", die)
    with pytest.raises(KeyboardInterrupt):
        documents.render(document)
    monkeypatch.undo()
    document.refresh_from_db()
    assert written[0].exists()
    assert document.rendered_at is None
    content = documents.render(document)
    assert hashlib.sha256(content).hexdigest() == document.pdf_sha256
    assert documents.path_of(document).read_bytes() == content


@pytest.mark.django_db
def test_a_changed_or_missing_file_is_never_shown_and_never_made_anew(county, sign_in):
    document = paper_of(petitions.accepted(county))
    documents.render(document)
    path = documents.path_of(document)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-forged")
    client = sign_in("handler")
    assert client.get(f"/papers/{document.pk}/").status_code == 503
    path.unlink()
    answer = client.get(f"/papers/{document.pk}/")
    assert answer.status_code == 503
    assert "打不开" in answer.content.decode()
    assert not path.exists()


def all_made() -> int:
    """Make everything that waits, as the worker does every minute. Returns how many."""
    made = 0
    while documents.render_next():
        made += 1
    return made


@pytest.mark.django_db
def test_the_sweep_makes_what_waits_once(county):
    document = paper_of(petitions.accepted(county))
    assert all_made() == Document.objects.count()
    document.refresh_from_db()
    made = document.pdf_sha256
    assert documents.path_of(document).exists()
    assert all_made() == 0
    document.refresh_from_db()
    assert document.pdf_sha256 == made


@pytest.mark.django_db
def test_a_failure_is_written_down_and_tried_again_later(county):
    document = paper_of(petitions.accepted(county))
    Document.objects.exclude(pk=document.pk).update(rendered_at=clock.now())
    right = document.context["template"]
    Document.objects.filter(pk=document.pk).update(context={**document.context, "template": "papers/missing.html"})
    assert documents.render_next()
    document.refresh_from_db()
    assert document.rendered_at is None
    assert "TemplateDoesNotExist" in document.failure
    assert not documents.render_next()
    Document.objects.filter(pk=document.pk).update(context={**document.context, "template": right})
    with clock.at(clock.now() + documents.RETRY_AFTER + timedelta(seconds=1)):
        assert documents.render_next()
    document.refresh_from_db()
    assert document.rendered_at is not None
    assert document.failure == ""


@pytest.mark.django_db(transaction=True)
def test_two_makers_at_once_leave_one_paper_and_both_show_it(county):
    document = paper_of(petitions.accepted(county))
    got: list[bytes] = []

    def make() -> None:
        got.append(documents.render(Document.objects.get(pk=document.pk)))
        connection.close()

    makers = [threading.Thread(target=make) for _ in range(2)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    document.refresh_from_db()
    assert got[0] == got[1]
    assert hashlib.sha256(got[0]).hexdigest() == document.pdf_sha256
    assert [path.name for path in documents.path_of(document).parent.glob(f"{document.pk}-*")] == [documents.path_of(document).name]


@pytest.mark.django_db
def test_the_decision_letter_holds_what_the_law_asks(county):
    context = paper_of(petitions.replied(county), "P11").context
    assert context["unit"] == "招远市自然资源和规划局"
    assert context["addressee"] == "陈桂兰"
    assert [point["numeral"] for point in context["points"]] == ["一", "二"]
    assert all(point["result"] and point["ground"] and point["support"] for point in context["points"])
    assert context["remedy_unit"] == "招远市人民政府"
    assert "王海涛、宋涛" in context["heard"]
    assert context["from_unit"] == "招远市群众工作中心"


@pytest.mark.django_db
def test_nobody_is_owed_a_letter_without_a_name(county):
    petition = petitions.accepted(county, is_anonymous=True, people=[])
    assert set(Document.objects.filter(case=petition.case).values_list("paper", flat=True)) == {"P03"}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "paper", "decision"), [("A9", "P06", "不予受理"), ("A2", "P07", "不再受理")])
def test_a_concluded_matter_is_refused_by_its_own_notice(county, code, paper, decision):
    number = petitions.registered(county).case.number
    actions.decline(
        number,
        code=code,
        words="招政复核〔2025〕3号复核意见（2025年5月1日）已作终结，以同一事实和理由再次提出。",
        remedy="可向主管部门提出。",
        by=county.scope("office"),
    )
    petition = actions.approve_decline(number, by=county.scope("centre_head"))
    assert paper_of(petition, paper).context["decision"] == decision


@pytest.mark.parametrize(
    ("law", "words"),
    [
        ("条例§19③", "《信访工作条例》第十九条第三款"),
        ("条例§31(二)", "《信访工作条例》第三十一条第二项"),
        ("条例§20②、§22②", "《信访工作条例》第二十条第二款、第二十二条第二款"),
    ],
)
def test_articles_are_cited_in_words(law, words):
    assert papers.cited(law) == words
