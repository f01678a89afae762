"""The public pages under attack (issue §5): who guesses, floods, swaps, replays, smuggles or measures gets nothing (L-PET-85…87, L-SEC-10)."""

from __future__ import annotations

import io
import re
import statistics
import threading
import time
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework import deadlines, effort, throttle
from casework.models import Attachment, Case, Document, Entry, Link, Notice
from casework.parties import PartyFacts
from organisations import clock
from petitions import actions
from petitions.citizen import entrance, views
from petitions.citizen.rules import FILES_A_DAY, FILES_AT_ONCE, REQUEST_BYTES
from petitions.models import Objection, Petition, Proposal, Rating, Task, Visit
from tests.factories import citizens
from tests.factories import petitions as walk

pytestmark = pytest.mark.django_db
SECRET = "绝不外传"
EVIL = ["x\r\nSet-Cookie: a=b", "\u2028x", "https://evil.example/", "//evil.example", '"><script>alert(1)</script>', "{{ 7|add:7 }}"]


def protected(county):
    return walk.registered(county, purpose="03", respondent_unit_id=county.units["land"].id)


def shown(answer, number: str) -> str:
    """What stands on the page but for the token and the number typed."""
    text = answer.content.decode()
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return text.replace(token, "").replace(number, "NUMBER")


# -- enumeration -------------------------------------------------------------------------------------------------------------------------


def test_unknown_wrong_and_forbidden_are_one_answer_in_words_status_headers_cookies_and_statements(county):
    held, hidden = walk.registered(county), protected(county)
    tries = [
        ("370685-2026-987654", "ABCDEFGH", "2046"),
        (held.case.number, "ABCDEFGH", "2046"),
        (held.case.number, held.query_code, "0000"),
        (hidden.case.number, "ABCDEFGH", "2046"),
        (hidden.case.number, hidden.query_code, "2046"),
    ]
    seen = set()
    for number, code, digits in tries:
        client = Client()
        client.get("/progress/")
        with CaptureQueriesContext(connection) as asked:
            answer = citizens.ask(client, number, code, digits)
        # The tree of units may be read anew at any time; what is asked of matters and of the brake may not differ.
        about = [q["sql"] for q in asked.captured_queries if "casework_" in q["sql"] or "petitions_" in q["sql"]]
        statements = tuple(re.sub(r"'[^']*'|\d+", "?", sql) for sql in about if "officehours" not in sql)
        text = shown(answer, number).replace(f'value="{code}"', "").replace(f'value="{digits}"', "")
        headers = tuple(sorted((k, v) for k, v in answer.headers.items() if k not in ("X-Request-Id", "Content-Length")))
        seen.add((answer.status_code, text, headers, tuple(sorted(answer.cookies)), statements))
    assert len(seen) == 1
    assert len(seen.pop()[-1]) == 5
    assert not Visit.objects.exists()


def test_no_door_of_the_visit_tells_whether_a_paper_or_a_matter_is_there(county):
    """Without a visit every address is the question, whatever number stands in it."""
    petition = walk.delivered(county)
    paper = Document.objects.filter(case_id=petition.pk).latest("pk").pk
    client = Client()
    for url in (f"/progress/papers/{paper}/", "/progress/papers/999999/", "/progress/rate/", "/progress/material/", "/progress/slip/"):
        answer = client.get(url)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/progress/")


def test_the_time_it_takes_does_not_tell_them_apart(county):
    """Medians of interleaved tries; a difference that a person on the net could see would be milliseconds."""
    held, hidden = walk.registered(county), protected(county)
    kinds = {
        "unknown": ("370685-2026-987654", "ABCDEFGH"),
        "wrong": (held.case.number, "ABCDEFGH"),
        "forbidden": (hidden.case.number, hidden.query_code),
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for turn in range(60):
        for name, (number, code) in sorted(kinds.items(), key=lambda item: (item[0], turn) if turn % 2 else (item[0][::-1], turn)):
            started = time.perf_counter()
            entrance.open_by_code(number, code, "2046", address=f"192.0.2.{turn % 250}")
            taken[name].append(time.perf_counter() - started)
            # The brake would end the measurement; it is judged elsewhere.
            throttle.give_back(f"{entrance.BY_NUMBER.name}:{number}")
    middle = {name: statistics.median(times[10:]) for name, times in taken.items()}
    spread = statistics.median(abs(t - middle["unknown"]) for t in taken["unknown"][10:])
    assert max(middle.values()) - min(middle.values()) < max(0.0015, 3 * spread), middle


# -- brute force -------------------------------------------------------------------------------------------------------------------------


def test_guesses_on_one_matter_end_from_however_many_addresses_and_the_right_one_too(county):
    petition = walk.registered(county)
    statuses = [citizens.ask(Client(), petition.case.number, f"ABCDEFG{no % 9 + 1}", REMOTE_ADDR=f"198.51.100.{no}").status_code for no in range(14)]
    assert statuses == [422] * entrance.BY_NUMBER.most + [429] * (14 - entrance.BY_NUMBER.most)
    assert citizens.ask(Client(), petition.case.number, petition.query_code).status_code == 429
    with clock.at(clock.now() + entrance.BY_NUMBER.per + timedelta(seconds=1)):
        assert citizens.ask(Client(), petition.case.number, petition.query_code).status_code == 302


def test_a_number_that_does_not_exist_is_braked_the_same(county):
    statuses = [citizens.ask(Client(), "370685-2026-987654", "ABCDEFGH", REMOTE_ADDR=f"198.51.100.{no}").status_code for no in range(12)]
    assert statuses == [422] * 10 + [429] * 2


def test_one_address_walking_through_the_numbers_is_stopped(county):
    statuses = [citizens.ask(Client(), f"370685-2026-{no:06d}", "ABCDEFGH").status_code for no in range(entrance.BY_ADDRESS.most + 2)]
    assert statuses[-3:] == [422, 429, 429]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_do_not_slip_through(county):
    petition = walk.registered(county)
    answers: list[bool] = []
    start = threading.Barrier(8)

    def guess() -> None:
        start.wait()
        for _ in range(5):
            held = entrance.open_by_code(petition.case.number, "ABCDEFGH", "2046", address=str(uuid.uuid4()))
            answers.append(isinstance(held, entrance.Refused) and held.is_throttled)
        connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), answers.count(False)) == (40, entrance.BY_NUMBER.most)


def test_codes_by_sms_cannot_be_asked_for_without_end(county, settings):
    settings.GATEWAYS = {"sms": {"url": "http://127.0.0.1:9/"}}
    petition = walk.registered(county)
    data = {"number": petition.case.number, "phone": "13800132046"}
    statuses = [Client().post("/progress/sms/", data, REMOTE_ADDR=f"198.51.100.{no}").status_code for no in range(5)]
    assert statuses == [302, 302, 302, 429, 429]


# -- the cookie --------------------------------------------------------------------------------------------------------------------------


def test_the_visit_is_one_matter_signed_short_and_gone_after_leaving(county):
    petition = walk.registered(county)
    client = citizens.let_in(petition)
    cookie = client.cookies[views.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/progress/")
    assert petition.case.number not in cookie.value
    kept = cookie.value
    client.post("/progress/leave/")
    assert client.cookies[views.COOKIE].value == ""
    assert not Visit.objects.exists()
    thief = Client()
    thief.cookies[views.COOKIE] = kept
    assert petition.case.title not in citizens.page(thief)
    for forged in (kept[:-2] + "xx", kept.replace(":", ";"), "x:y:z", "%00"):
        thief.cookies[views.COOKIE] = forged
        assert thief.get("/progress/").status_code == 200
        assert petition.case.title not in citizens.page(thief)


def test_the_visit_ends_after_fifteen_idle_minutes_and_after_two_hours_in_any_case(county):
    petition = walk.registered(county)
    client = citizens.let_in(petition)
    began = clock.now()
    for minutes in (14, 28, 42, 56, 70, 84, 98, 112):
        with clock.at(began + timedelta(minutes=minutes)):
            assert petition.case.title in citizens.page(client)
    with clock.at(began + timedelta(minutes=121)):
        assert petition.case.title not in citizens.page(client)
    again = citizens.let_in(petition)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert petition.case.title not in citizens.page(again)


def test_nothing_of_a_visit_is_kept_by_browser_or_proxy(county):
    client = citizens.let_in(walk.delivered(county))
    paper = Document.objects.filter(paper="P11").latest("pk").pk
    for url in ("/progress/", "/progress/rate/", "/progress/material/", f"/progress/papers/{paper}/"):
        assert client.get(url).headers["Cache-Control"] == "no-store", url


def test_a_staff_session_and_a_visit_know_nothing_of_each_other(county, sign_in):
    petition = walk.registered(county)
    clerk = sign_in("clerk")
    assert citizens.ask(clerk, petition.case.number, petition.query_code).status_code == 302
    assert "刘晓燕" not in citizens.page(clerk)
    clerk.post("/progress/leave/")
    assert clerk.get("/").status_code == 200
    visitor = citizens.let_in(petition)
    for url in ("/", f"/petitions/{petition.case.number}/", "/cases/", f"/api/v1/petitions/{petition.case.number}/"):
        assert visitor.get(url).status_code in (302, 401, 403), url


def test_a_matter_that_becomes_protected_closes_the_visits_to_it(county):
    petition = walk.registered(county)
    client = citizens.let_in(petition)
    actions.amend(petition.case.number, {"purpose": "03"}, reason="实为检举", by=county.scope("office"))
    assert petition.case.title not in citizens.page(client)
    for url, form in (
        ("rate", {"office": "0", "unit": "0"}),
        ("material", {"words": "x"}),
        ("urge", {}),
        ("review", {"request": "x", "grounds": "y"}),
    ):
        client.post(f"/progress/{url}/", citizens.once(**form))
    assert not Entry.objects.filter(case_id=petition.pk, by_label="信访人（网上）").exists()


# -- from one matter to another -----------------------------------------------------------------------------------------------------------


def test_two_matters_in_one_browser_do_not_mix(county):
    first, second = walk.delivered(county, title="第一件的标题"), walk.delivered(county, title="第二件的标题")
    papers = {p.pk: Document.objects.get(case_id=p.pk, paper="P11").pk for p in (first, second)}
    client = citizens.let_in(first)
    old = client.cookies[views.COOKIE].value
    citizens.ask(client, second.case.number, second.query_code)
    assert "第一件的标题" not in citizens.page(client)
    assert client.get(f"/progress/papers/{papers[second.pk]}/").status_code == 200
    assert client.get(f"/progress/papers/{papers[first.pk]}/").status_code == 404
    client.post("/progress/rate/", citizens.once(office="0", unit="0", number=first.case.number, petition=first.pk, petition_id=first.pk))
    assert set(Rating.objects.values_list("petition", flat=True)) == {second.pk}
    client.cookies[views.COOKIE] = old  # the first visit ended when the second began
    assert "第一件的标题" not in citizens.page(client)


def test_papers_of_the_house_are_not_the_persons(county):
    petition = walk.delivered(county)
    client = citizens.let_in(petition)
    case = Case.objects.get(pk=petition.pk)
    source = Document.objects.filter(case=case, paper="P11").get()
    for no, code in enumerate(("P01", "P02", "P03", "P04", "P13", "P16", "P17", "P18", "P19", "P20", "P21", "P24", "P25", "P26", "P27", "P28")):
        inside = Document.objects.create(
            case=case,
            paper=code,
            name=SECRET,
            number=f"{SECRET}〔2026〕{no}号",
            unit=source.unit,
            context=source.context,
            issued_by=source.issued_by,
            issued_at=source.issued_at,
        )
        assert client.get(f"/progress/papers/{inside.pk}/").status_code == 404, code
    assert SECRET not in citizens.page(client)


# -- what leaks --------------------------------------------------------------------------------------------------------------------------


def test_a_secret_planted_in_every_inner_field_is_on_no_public_page(county):
    """Every word of ours about the matter: notes, refusals, objections, tasks, proposals, instructions, other people, history, notices."""
    petition = walk.investigated(county, internal_note=SECRET, respondent_name=SECRET, place=SECRET, story=f"{SECRET} 的事")
    number, office, handler = petition.case.number, county.scope("office"), county.scope("handler")
    actions.note(number, text=SECRET, is_internal=True, by=handler)
    actions.note(number, text=SECRET, by=handler)
    case = Case.objects.get(pk=petition.pk)
    Notice.objects.create(case=case, to_user=county.people["handler"], kind="petition.note", text=SECRET, at=clock.now(), key="planted")
    dispatch = petition.dispatches.get()
    dispatch.words = SECRET
    dispatch.save()
    Objection.objects.create(dispatch=dispatch, reason=SECRET, words=SECRET, by=county.people["handler"], at=clock.now(), decision="refused")
    Proposal.objects.create(
        petition=petition, leader=county.people["leader"], words=SECRET, instruction=SECRET, by=county.people["office"], at=clock.now()
    )
    Task.objects.create(petition=petition, no=1, unit=county.units["water"], text=SECRET, due_on=clock.today(), result=SECRET, state="confirmed")
    case.parties.create(no=9, position="respondent", name=SECRET, address=SECRET)
    other = walk.registered(county, title=SECRET)
    Link.objects.create(source=other.case, target=case, kind="related", reason=SECRET, by=county.people["office"], at=clock.now())
    Attachment.objects.create(
        case=case,
        name=f"{SECRET}.pdf",
        label="材料",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=county.people["handler"],
        uploaded_at=clock.now(),
    )
    Petition.objects.filter(pk=petition.pk).update(agent_consent=SECRET, source_number=SECRET)
    for deadline in case.deadlines.all():
        deadline.events.create(kind="extended", on=clock.today(), days=0, reason=SECRET, by=county.people["head"], at=clock.now())
    actions.prepare(number, text="答复正文", outcome="solved", support="1", remedy_unit="招远市人民政府", by=handler)
    actions.send_back(number, words=SECRET, by=county.scope("head"))
    client = citizens.let_in(petition)
    staff = {user.name for user in county.people.values()}
    for url in ("/progress/", "/progress/rate/", "/progress/material/", "/progress/urge/", "/progress/review/", "/public/", "/submit/"):
        text = client.get(url).content.decode()
        assert SECRET not in text, url
        assert not [name for name in staff if name in text], url
        assert "13800132046" not in text
        assert "陈桂兰" not in text
        assert other.case.number not in text
    assert office.unit_ids


def test_a_found_receipt_number_tells_nothing(county):
    petition = walk.registered(county)
    text = Client().get(f"/progress/?number={petition.case.number}").content.decode()
    assert petition.case.title not in text
    assert petition.query_code not in text


# -- forms -------------------------------------------------------------------------------------------------------------------------------


def test_fields_nobody_asked_for_change_nothing(county):
    client = Client()
    client.get(citizens.SUBMIT)
    extra = {
        "channel": "701",
        "source": "1",
        "urgency": "2",
        "flags": "jabz",
        "state": "closed",
        "confidential": "on",
        "handler": county.people["office"].id,
        "number": "370685-2026-000001",
        "query_code": "AAAAAAAA",
        "received_on": "2020-01-01",
        "repeat_of": "x",
        "merge_into": "x",
        "internal_note": SECRET,
        "submission_user": "1",
    }
    assert client.post(citizens.SUBMIT, {**citizens.matter(county.areas["jiuqu"].id), **extra}).status_code == 302
    petition = Petition.objects.select_related("case").get()
    assert (petition.channel, petition.source, petition.flags, petition.received_on) == ("300", "4", [], clock.today())
    assert (petition.case.urgency, petition.case.state, petition.case.confidential, petition.case.handler_id) == (0, "registered", False, None)
    assert petition.query_code != "AAAAAAAA"
    rated = walk.delivered(county)
    visitor = citizens.let_in(rated)
    visitor.post("/progress/rate/", citizens.once(office="0", unit="0", at="2020-01-01", replaced_at="x", target="unit", value="3", reply="1"))
    assert set(Rating.objects.values_list("value", flat=True)) == {"0"}


@pytest.mark.parametrize("value", ["2", "", "满意", "0 OR 1=1", "999"])
def test_only_the_three_levels_are_ratings(county, value):
    client = citizens.let_in(walk.delivered(county))
    assert client.post("/progress/rate/", citizens.once(office=value, unit="0")).status_code == 422
    assert not Rating.objects.exists()


def test_no_form_goes_without_its_token(county):
    petition = walk.delivered(county)
    client = citizens.let_in(petition, enforce_csrf_checks=False)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[views.COOKIE] = client.cookies[views.COOKIE].value
    for url in ("/progress/", "/progress/leave/", "/progress/rate/", "/progress/material/", "/progress/urge/", "/progress/review/", "/submit/"):
        assert strict.post(url, citizens.once(office="0", unit="0")).status_code == 403, url
    assert Visit.objects.exists()
    assert not Rating.objects.exists()


def test_only_files_of_the_known_kinds_and_sizes_come_in(county):
    petition = walk.accepted(county)
    client = citizens.let_in(petition)

    def send(*files):
        return client.post("/progress/material/", citizens.once(words="看", files=list(files))).status_code

    assert send(SimpleUploadedFile("a.pdf", b"<script>alert(1)</script>")) == 422
    assert send(SimpleUploadedFile("a.svg", b"<svg onload='x'/>", content_type="image/png")) == 422
    assert send(SimpleUploadedFile("a.exe", b"MZ" + b"0" * 50)) == 422
    assert send(SimpleUploadedFile("a.html", b"\x89PNG\r\n\x1a\n" + b"0" * 50)) == 302  # what it is decides, not what it is called
    assert Attachment.objects.get(case_id=petition.pk).name == "a.png"
    assert send(SimpleUploadedFile("b.png", b"\x89PNG\r\n\x1a\n" + b"0" * (10 * 1024 * 1024))) == 422
    assert send(*[SimpleUploadedFile(f"{n}.png", b"\x89PNG\r\n\x1a\n" + bytes([n]) * 30) for n in range(FILES_AT_ONCE + 1)]) == 422
    assert Attachment.objects.filter(case_id=petition.pk).count() == 1


def test_a_day_has_so_many_files(county):
    client = citizens.let_in(walk.accepted(county))
    for turn in range(FILES_A_DAY // FILES_AT_ONCE):
        files = [SimpleUploadedFile(f"{turn}{n}.png", b"\x89PNG\r\n\x1a\n" + bytes([turn, n]) * 30) for n in range(FILES_AT_ONCE)]
        assert client.post("/progress/material/", citizens.once(files=files)).status_code == 302
    one = SimpleUploadedFile("z.png", b"\x89PNG\r\n\x1a\n" + b"zz" * 30)
    assert client.post("/progress/material/", citizens.once(files=[one])).status_code == 422


def zipped(*entries: tuple[str, int]) -> bytes:
    """A ZIP with files of so many zero bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, size in entries:
            package.writestr(name, bytes(size))
    return held.getvalue()


def test_a_word_file_is_one_and_does_not_burst_when_it_is_opened(county):
    client = citizens.let_in(walk.accepted(county))

    def send(name: str, content: bytes) -> int:
        return client.post("/progress/material/", citizens.once(words="看", files=[SimpleUploadedFile(name, content)])).status_code

    assert send("a.docx", zipped(("setup.exe", 10))) == 422
    assert send("a.docx", b"PK\x03\x04" + b"0" * 60) == 422
    assert send("a.docx", zipped(("word/document.xml", 210 * 1024 * 1024))) == 422
    assert send("a.docx", zipped(("[Content_Types].xml", 10), ("word/document.xml", 100))) == 302


@pytest.mark.parametrize("path", ["/submit/", "/progress/", "/progress/material/", "/public/"])
def test_a_body_that_is_too_large_is_not_read(county, path):
    answer = Client().generic("POST", path, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(REQUEST_BYTES + 1))
    assert answer.status_code == 413
    assert Client().generic("POST", path, b"x", CONTENT_LENGTH="-1").status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:80\r\nX-Evil: 1", "localhost@evil.example"])
def test_a_foreign_host_gets_no_page_and_no_code(county, host, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client().get("/progress/", HTTP_HOST=host).status_code == 400


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_typed_becomes_a_header_a_redirect_or_markup(county, evil):
    client = Client()
    answer = client.get("/progress/", {"number": evil, "done": evil, "next": evil})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    answer = citizens.ask(client, evil, evil, evil)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert not any("evil" in value or "a=b" in value for value in answer.headers.values())
    visitor = citizens.let_in(walk.delivered(county))
    answer = visitor.post(
        "/progress/material/", citizens.once(words=evil, files=[SimpleUploadedFile(f"{evil}.png", b"\x89PNG\r\n\x1a\n" + b"1" * 9)])
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/progress/?done=material")
    assert "<script>alert" not in citizens.page(visitor)


def test_odd_bytes_break_nothing(county):
    client = Client(raise_request_exception=False)
    for url in ("/progress/?number=%00", "/progress/?done=%00", "/progress/papers/99999999999999999999/", "/submit/?x=%00", "/progress/?number=%ff"):
        assert client.get(url).status_code < 500, url
    for data in ({"number": "a\0"}, {"number": "²", "code": "²", "digits": "²"}, {"number": "0" * 5000, "code": "x" * 5000, "digits": "9" * 5000}):
        assert client.post("/progress/", data).status_code < 500
    visitor = citizens.let_in(walk.delivered(county))
    visitor.raise_request_exception = False
    for form in ("x", "\0", str(uuid.UUID(int=0)), "²" * 40):
        assert visitor.post("/progress/rate/", {"form": form, "office": "\0", "unit": "²"}).status_code < 500


# -- the proof of effort -----------------------------------------------------------------------------------------------------------------


def solved(bits: int) -> tuple[str, str]:
    held = effort.challenge()
    return held.token, next(str(n) for n in range(1 << 24) if effort.is_proof(held.nonce, bits, str(n)))


def test_a_proof_is_good_once_and_a_made_up_one_never(county, monkeypatch):
    monkeypatch.setattr(effort, "BITS", 8)
    token, answer = solved(8)
    wrong = next(str(n) for n in range(1 << 24) if not effort.is_proof(signing.loads(token, salt="yimen.effort")[0], 8, str(n)))
    assert not effort.spend(token, wrong)
    assert effort.spend(token, answer)
    assert not effort.spend(token, answer)
    assert not effort.spend(token[:-3] + "abc", answer)
    assert not effort.spend("", "0")
    for junk in ("-1", "1.5", "٣", " 1", "1" * 30, "1e3"):
        assert not effort.spend(effort.challenge().token, junk)


def test_an_old_proof_is_no_proof(county, monkeypatch):
    monkeypatch.setattr(effort, "BITS", 8)
    token, answer = solved(8)
    later = time.time() + effort.LIFE.total_seconds() + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert not effort.spend(token, answer)


@pytest.mark.django_db(transaction=True)
def test_the_same_proof_at_the_same_moment_counts_once(county, monkeypatch):
    monkeypatch.setattr(effort, "BITS", 8)
    token, answer = solved(8)
    taken: list[bool] = []
    start = threading.Barrier(6)

    def spend() -> None:
        start.wait()
        taken.append(effort.spend(token, answer))
        connections.close_all()

    threads = [threading.Thread(target=spend) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1


def test_without_a_proof_fewer_forms_go_in_and_a_replayed_one_helps_nobody(county, monkeypatch):
    monkeypatch.setattr(effort, "BITS", 8)
    token, answer = solved(8)
    statuses = []
    for no in range(6):
        client = Client()
        client.get(citizens.SUBMIT)
        form = citizens.matter(county.areas["jiuqu"].id, story=f"第{no}件事的经过，与别的不同。", phone=f"1380013{no:04d}", id_number="")
        statuses.append(client.post(citizens.SUBMIT, {**form, "effort": token, "effort_answer": answer}).status_code)
    assert statuses == [302, 302, 302, 302, 429, 429]  # one by the proof, three without
    fresh, its_answer = solved(8)
    client = Client()
    client.get(citizens.SUBMIT)
    form = citizens.matter(county.areas["jiuqu"].id, story="又一件事的经过，与别的都不同。", phone="13800139999", id_number="")
    assert client.post(citizens.SUBMIT, {**form, "effort": fresh, "effort_answer": its_answer}).status_code == 302


def test_duplicates_tell_nobody_of_a_protected_matter_or_of_another_person(county):
    story = citizens.matter(county.areas["jiuqu"].id)["story"]
    person = PartyFacts(position="petitioner", name="陈桂兰", phone="13800132046")
    walk.registered(county, purpose="03", story=story, people=[person])
    client = Client()
    client.get(citizens.SUBMIT)
    assert client.post(citizens.SUBMIT, citizens.matter(county.areas["jiuqu"].id)).status_code == 302
    other = Client()
    other.get(citizens.SUBMIT)
    form = citizens.matter(county.areas["jiuqu"].id, phone="13900000000", id_number="", name="李四")
    assert other.post(citizens.SUBMIT, form).status_code == 302


def test_who_may_act_at_the_counter_is_not_widened_by_the_persons_scope(county, sign_in):
    """The row 系统 cannot sign in, and no person's act is open to an address of the house."""
    petition = walk.delivered(county)
    clerk = sign_in("clerk")
    for code in ("rate", "add_material"):
        assert clerk.post(f"/petitions/{petition.case.number}/{code}/", {"office": "0"}).status_code == 404
    assert deadlines.running_keys(Case.objects.get(pk=petition.pk)) & {"pet.satisfaction"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM organisations_user WHERE is_clock AND is_active")
        assert cursor.fetchone()[0] == 0
