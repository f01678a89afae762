"""What somebody with a browser, an interface key and bad intentions tried, and must not get (L-PET-85…87, L-SEC)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from casework.attachments import path_of
from casework.models import Attachment, Case, Link
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import Absence, AccessEntry, User
from petitions import actions
from petitions.queries import repeats
from petitions.queries import routing as suggestions
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def protected(county, **changes):
    return petitions.registered(county, **{"purpose": "03", "respondent_unit_id": county.units["land"].id, **changes})


@pytest.fixture
def api(county):
    def make(person: str) -> APIClient:
        client = APIClient(raise_request_exception=False)
        token, _ = Token.objects.get_or_create(user=county.people[person])
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return make


ODD = [
    "/search/?q=%E5%AE%85%00%E5%9F%BA",
    "/search/suggest/?q=ab%00cd",
    "/cases/?q=ab%00cd",
    "/cases/?until=9999-12-31",
    "/cases/?since=0001-01-01&status=all",
    "/cases/?status=all&after=2026-01-01_1",
    "/cases/?status=open&after=2026-01-01_99999999999999999999999",
    "/cases/?status=all&after=2026-01-01T00:00:00_99999999999999999999999",
    "/cases/?village=999999999999&unit=999999999999&handler=999999999999",
    "/cases/print/?q=ab%00cd",
    "/cases/export/?q=ab%00cd",
    "/cases/views/?list=q%3Dab%2500cd",
    "/inbox/?show=all&before=999999999999999999",
    "/contacts/?q=ab%00",
    "/contacts/?unit=%C2%B2",
    "/lookups/people/?q=ab%00",
    "/lookups/areas/?q=ab%00",
    "/lookups/units/?q=ab%00",
    "/petitions/lookups/categories/?q=ab%00",
    "/petitions/%00/",
    "/petitions/a%00b/receipt/",
    "/petitions/register/?done=a%00",
    "/petitions/register/same/a%00b/?person=1",
    "/petitions/register/limits/?received_on=9999-12-31",
    "/petitions/register/limits/?received_on=0001-01-01",
    "/petitions/routing/?town=a%00&topic=a%00",
    "/petitions/NUMBER/?before=%C2%B2",
    "/petitions/NUMBER/?before=99999999999999999999999999",
    "/petitions/NUMBER/?act=answer_point&no=%00",
    "/petitions/NUMBER/?list=q%3D%2500",
    "/petitions/NUMBER/beside/next/?list=q%3Dab%2500",
    "/petitions/NUMBER/beside/next/?list=until%3D9999-12-31",
    "/petitions/bulk/%00/",
    "/sign-in/?next=%00",
]


def test_no_odd_address_or_form_breaks_the_server(county, sign_in):
    number = petitions.registered(county).case.number
    bad = []
    client = sign_in("office")
    client.raise_request_exception = False
    for url in ODD:
        answer = client.get(url.replace("NUMBER", number))
        if answer.status_code >= 500:
            bad.append((url, answer.status_code))
    forms = [
        (f"/drafts/petition.register/{uuid4()}/", {"title": "a\0b"}),
        ("/petitions/bulk/route/", {"number": "a\0b"}),
        ("/petitions/bulk/urge/", {"number": number, "list": "q=\0"}),
        ("/cases/select-all/", {"list": "q=ab%00"}),
        ("/cases/views/", {"name": "a\0", "list": "q=a%00b"}),
        ("/cases/views/", {"name": "a", "list": "q=a%00b"}),
        (f"/petitions/{number}/note/", {"text": "a\0b", "version": "1"}),
        (f"/petitions/{number}/attach/", {"label": "a\0"}),
        ("/petitions/register/repeats/", {"title": "一二三四五六七八\0九十", "respondent_text": "\0", "people-0-phone": "1380013\0"}),
        ("/petitions/register/repeats/", {"title": "一二三四五六七八九十", "topic": "\0", "area": "²", "respondent": "²"}),
        ("/sign-in/?overlay", {"username": "a\0", "password": "\0"}),
        ("/sign-in/?overlay", {"username": "a", "password": "b", "otp_token": "²"}),
        (f"/parties/{Case.objects.get().parties.get().pk}/reveal/phone/", {"ground": "abcd\0"}),
        (
            "/petitions/register/",
            {"people-TOTAL_FORMS": "10000", "people-INITIAL_FORMS": "0", "points-TOTAL_FORMS": "10000", "points-INITIAL_FORMS": "0", "draft": "x"},
        ),
        (f"/petitions/{number}/route/", {"tasks-TOTAL_FORMS": "10000", "tasks-INITIAL_FORMS": "²"}),
        (f"/petitions/{number}/register/", {}),
        (f"/petitions/{number}/retract/", {"reason": "abc"}),
    ]
    for url, data in forms:
        answer = client.post(url, data)
        if answer.status_code >= 500:
            bad.append((url, str(data)[:60], answer.status_code))
    assert not bad


def test_no_odd_machine_request_breaks_the_server(county, api):
    number = petitions.registered(county).case.number
    client = api("office")
    task = {"unit_id": county.units["water"].id, "text": "x", "due_on": "9999-12-31"}
    bad = []
    for url in (
        "/petitions/a%00b/",
        "/petitions/?state=%00",
        "/petitions/?unit_id=²",
        "/petitions/?cursor=MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMHwx",
        "/petitions/?cursor=OTk5OS0xMi0zMVQyMzo1OTo1OS0xNDowMHwx",
        f"/petitions/{number}/timeline/?after=²",
        "/areas/?q=%00",
    ):
        answer = client.get("/api/v1" + url)
        if answer.status_code >= 500:
            bad.append((url, answer.status_code))
    for act, body in [
        ("guide", {"routes": ["XZFY"], "words": "abc", "answers": {"a\0": "b"}}),
        ("note", {"text": "x", "happened_at": "0001-01-01T00:00:00+14:00"}),
        ("hear", {"on": "0001-01-01", "officers": ["a\0", "b"], "words": "x"}),
        ("amend", {"reason": "x", "changes": {"title": "a\0"}}),
        ("amend", {"reason": "x", "changes": []}),
        ("merge", {"reason": "x", "into": "\0"}),
        (
            "route",
            {
                "mode": "LJB",
                "to_unit_id": county.units["land"].id,
                "words": "x",
                "tasks": [task] * 200,
            },
        ),
        (
            "route",
            {
                "mode": "LDB",
                "to_unit_id": county.units["land"].id,
                "words": "x",
                "tasks": [task],
            },
        ),
        ("route", {"mode": "CNB", "to_unit_id": county.units["land"].id, "words": "x", "promised_on": "9999-12-31"}),
    ]:
        answer = client.post(f"/api/v1/petitions/{number}/{act}/", body, format="json", headers={"Idempotency-Key": str(uuid4())})
        if answer.status_code >= 500:
            bad.append((act, str(body)[:80], answer.status_code))
    assert not bad


def test_what_is_nested_without_end_is_no_json(county, api):
    number = petitions.registered(county).case.number
    url, headers = f"/api/v1/petitions/{number}/note/", {"Idempotency-Key": str(uuid4())}
    answer = api("office").post(url, '{"text":' + "[" * 100_000 + "]" * 100_000 + "}", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_case_that_becomes_protected_is_gone_for_everybody_not_named(county, sign_in):
    """Notices, search, lists, links and precedents that were written while it was ordinary lead nobody to it."""
    number = petitions.signed(county, title="反映某某侵占集体款").case.number
    other = petitions.registered(county, title="另一件普通事项").case.number
    actions.merge(other, into=number, reason="同一事项", by=county.scope("office"))
    inbox_before = sign_in("handler").get("/inbox/?show=all").content.decode()
    assert number in inbox_before
    actions.amend(number, {"purpose": "03", "respondent_unit_id": county.units["land"].id}, reason="实为检举", by=county.scope("office"))
    for person in ("handler", "head", "office2", "leader", "auditor", "town_head", "village_cadre", "labour_head", "system_admin"):
        client = sign_in(person)
        for url in (
            "/",
            "/inbox/?show=all",
            "/inbox/bell/",
            "/cases/?status=all",
            "/search/?q=侵占集体款",
            f"/search/?q={number}",
            "/search/?q=cgl",
            "/search/?q=13800132046",
            "/search/suggest/?q=侵占",
            "/cases/print/?status=all",
            "/cases/export/?status=all",
            "/petitions/routing/",
            f"/petitions/{other}/",
            f"/hand-over/{county.people['handler'].id}/",
        ):
            answer = client.get(url)
            text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
            assert "侵占集体款" not in text.replace("侵占集体款 ", "").replace('value="侵占集体款"', "") or "q=侵占" in url, (person, url)
            assert f"/petitions/{number}/" not in text, (person, url)
        for url in (f"/petitions/{number}/", f"/petitions/{number}/receipt/", f"/petitions/{number}/qr.svg", f"/petitions/register/same/{number}/"):
            assert client.get(url).status_code in (403, 404), (person, url)
        assert client.post(f"/petitions/{number}/sign/").status_code in (403, 404)
    assert not Link.objects.filter(undone_at=None).exists()
    assert Case.objects.get(number=other).marks == []
    assert Case.objects.get(number=number).handler_id is None


def test_a_correction_takes_nobody_named_off_a_protected_case_but_the_newly_accused(county):
    number = protected(county).case.number
    actions.hand_over(number, to_user_id=county.people["office"].id, words="移交", by=county.scope("clerk"))
    actions.route(number, mode="LJB", to_unit_id=county.units["discipline_unit"].id, words="办", by=county.scope("discipline"))
    actions.amend(number, {"title": "更正的标题"}, reason="错字", by=county.scope("clerk"))
    readers = set(Case.objects.get(number=number).reach.values_list("reader", flat=True))
    assert {-county.people[name].id for name in ("clerk", "office", "discipline", "discipline_handler")} == readers
    actions.amend(number, {"respondent_unit_id": county.units["discipline_unit"].id}, reason="更正", by=county.scope("clerk"))
    readers = set(Case.objects.get(number=number).reach.values_list("reader", flat=True))
    assert -county.people["discipline_handler"].id not in readers


def test_a_new_ordinary_case_names_no_protected_one(county, sign_in):
    number = protected(county).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "protected"):
        petitions.registered(county, repeat_of=number, repeat_reason="同一人")
    typed = repeats.Typed(phones=["13800132046"], names=["陈桂兰"], topic_code="010303", area_id=county.areas["jiuqu"].id)
    assert [found.can_join for found in repeats.check(typed, county.scope("clerk")).candidates] == [False]


def test_a_precedent_of_a_case_protected_since_is_offered_to_nobody(county):
    first = petitions.routed(county)
    number = first.case.number
    for to in ("labour", "land"):
        actions.object_to(number, reason="不属本单位", by=county.scope("handler" if to == "labour" else "labour_handler"))
        if to == "labour":
            actions.agree_return(number, words="同意", by=county.scope("office"))
            actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="办", by=county.scope("office"))
    actions.coordinate(number, to_unit_id=county.units["water"].id, words="由水务局办理", by=county.scope("centre_head"))
    new = petitions.registered(county)
    assert any("先例" in reason for s in suggestions.suggestions(new, county.scope("office")) for reason in s.reasons)
    actions.amend(number, {"purpose": "03"}, reason="实为检举", by=county.scope("office"))
    assert not any("先例" in reason for s in suggestions.suggestions(new, county.scope("office")) for reason in s.reasons)


def test_a_head_cannot_open_protected_cases_to_himself_by_entering_an_absence(county, sign_in):
    number = protected(county).case.number
    days = {"from_on": str(clock.today()), "until_on": str(clock.today() + timedelta(days=3)), "authority": "领导口头批准的请假"}
    people = {"person": county.people["discipline"].id, "substitute": county.people["centre_head"].id}
    head = sign_in("centre_head")
    head.post("/absence/", {**people, **days})
    assert head.get(f"/petitions/{number}/").status_code == 404
    Absence.objects.all().delete()
    sign_in("discipline").post("/absence/", {**people, **days})
    assert Absence.objects.count() == 1
    assert head.get(f"/petitions/{number}/").status_code == 200


def test_the_audit_viewer_learns_no_name_of_a_protected_case(county, sign_in):
    petition = protected(county)
    party = petition.case.parties.get()
    client = sign_in("discipline")
    assert client.post(f"/parties/{party.pk}/reveal/phone/", {"ground": "核实举报人身份"}).status_code == 200
    assert client.get(f"/petitions/{petition.case.number}/").status_code == 200
    page = sign_in("audit_admin").get("/access-log/").content.decode()
    assert "陈桂兰" not in page
    assert AccessEntry.objects.filter(event="reveal", field="保密件", user=county.people["discipline"]).exists()


def test_reading_through_the_interface_leaves_the_same_trace(county, api):
    number = protected(county).case.number
    assert api("discipline").get(f"/api/v1/petitions/{number}/").status_code == 200
    assert AccessEntry.objects.filter(event="reveal", field="保密件").count() == 1
    assert api("clerk").get(f"/api/v1/petitions/{number}/timeline/").status_code == 200
    seen = set(Case.objects.get(number=number).viewings.values_list("user__username", flat=True))
    assert seen == {"discipline", "clerk"}


def test_a_key_opens_nothing_before_the_password_is_changed(county, api):
    client = api("clerk")
    assert client.get("/api/v1/petitions/").status_code == 200
    User.objects.filter(username="clerk").update(must_change_password=True)
    answer = client.get("/api/v1/petitions/")
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_incomplete")
    User.objects.filter(username="clerk").update(must_change_password=False, password_changed_at=clock.now() - timedelta(days=400))
    assert client.get("/api/v1/petitions/").status_code == 403


def test_an_export_puts_no_number_in_clear_on_record(county, sign_in):
    petitions.registered(county)
    sign_in("office").get("/cases/export/?status=all&q=13800132046")
    entry = AccessEntry.objects.get(event="export")
    assert "13800132046" not in f"{entry.object_label}{entry.detail}"


def test_an_answer_given_once_is_not_given_again_to_who_lost_sight(county, api):
    number, key = petitions.registered(county).case.number, str(uuid4())
    note = {"path": f"/api/v1/petitions/{number}/note/", "data": {"text": "已电话联系"}, "format": "json", "headers": {"Idempotency-Key": key}}
    assert api("office2").post(**note).status_code == 200
    assert api("office2").post(**note).headers["Idempotent-Replay"] == "true"
    actions.amend(number, {"purpose": "03"}, reason="实为检举", by=county.scope("office"))
    assert api("office2").post(**note).status_code == 404


def test_what_is_uploaded_is_readable_by_the_server_alone(county, sign_in):
    number = petitions.registered(county).case.number
    paper = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + uuid4().bytes)
    assert sign_in("clerk").post(f"/petitions/{number}/attach/", {"files": paper}).status_code == 303
    assert path_of(Attachment.objects.get().sha256).stat().st_mode & 0o077 == 0
