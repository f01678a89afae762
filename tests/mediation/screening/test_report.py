"""A unit reports what it found or «nothing found»: once, by its own people, late allowed and said (MED-1, L-GRID-12)."""

from __future__ import annotations

from datetime import time
from uuid import uuid4

import pytest

from casework.rules import NotAllowed
from mediation.models import Finding, Round, RoundDraft
from mediation.screening import actions
from organisations import clock
from organisations.models import AccessEntry
from tests.factories import disputes_screening as screening
from tests.factories.disputes_screening import on
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db


def _typed(county, **changes):
    facts = {
        "who": "孙村",
        "place": "一组",
        "households": "9",
        "visited_on": clock.today().isoformat(),
        "visited_at": "00:00",
        "words": "",
        "submission": str(uuid4()),
    }
    return {**facts, **changes}


def _found(county, no=0, **changes):
    rows = {"found": "1", "found-TOTAL_FORMS": "5", "found-INITIAL_FORMS": "0", "found-MIN_NUM_FORMS": "5", "found-MAX_NUM_FORMS": "5"}
    one = {"what": "两家因排水争吵", "people": "陈某与李某", "type_code": "02", "area": str(county.areas["jiuqu"].id), "signs": ["fight"], **changes}
    return {**rows, **{f"found-{no}-{name}": value for name, value in one.items()}}


def test_nothing_found_is_a_report(county):
    row = screening.opened(county)
    actions.report(row.pk, screening.nothing(), by=county.scope("grid_worker"))
    row.refresh_from_db()
    assert row.is_nothing is True
    assert (row.households, row.reported_by, row.reported_as) == (12, county.people["grid_worker"], "九曲村 · 网格员")
    assert not row.is_late


def test_what_was_found_stays_open_until_somebody_deals_with_it(county):
    finding = screening.found(county)
    assert finding.round.is_nothing is False
    assert (finding.ending, finding.no, finding.signs) == ("", 1, ["repeated"])


def test_a_late_report_is_taken_and_marked(county):
    with on(18):
        row = screening.opened(county)
    with on(24):
        actions.report(row.pk, screening.nothing(visited_on=row.until_on), by=county.scope("village_cadre"))
    row.refresh_from_db()
    assert row.is_late


@pytest.mark.parametrize("person", ["town_handler", "office", "overseer", "leader", "auditor"])
def test_those_above_read_and_do_not_report(county, person):
    row = screening.opened(county)
    with pytest.raises(NotAllowed) as refusal:
        actions.report(row.pk, screening.nothing(), by=county.scope(person))
    assert refusal.value.status == 403
    assert Round.objects.get(pk=row.pk).reported_at is None


@pytest.mark.parametrize("person", ["other_handler", "handler", "system_admin", "mediator"])
def test_out_of_scope_it_does_not_exist(county, person, sign_in):
    row = screening.opened(county)
    if person == "mediator":
        assert sign_in(person).get(f"/mediation/screening/rounds/{row.pk}/").status_code == 404
        return
    with pytest.raises(Round.DoesNotExist):
        actions.report(row.pk, screening.nothing(), by=county.scope(person))
    assert sign_in(person).get(f"/mediation/screening/rounds/{row.pk}/").status_code == (403 if person == "system_admin" else 404)


def test_the_same_form_twice_is_one_report(county):
    row, key, by = screening.opened(county), uuid4(), county.scope("village_cadre")
    actions.report(row.pk, screening.something(county, submission=key), by=by)
    actions.report(row.pk, screening.something(county, submission=key), by=by)
    assert Finding.objects.count() == 1


def test_the_second_person_is_told_who_reported(county):
    row = screening.opened(county)
    actions.report(row.pk, screening.nothing(), by=county.scope("grid_worker"))
    with pytest.raises(NotAllowed) as refusal:
        actions.report(row.pk, screening.something(county), by=county.scope("village_cadre"))
    assert refusal.value.status == 409
    assert "何建平" in refusal.value.message
    assert "未发现" in refusal.value.message
    assert not Finding.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_report(county):
    row = screening.opened(county)
    cadre, grid = county.scope("village_cadre"), county.scope("grid_worker")
    answers = at_once(
        [
            lambda: actions.report(row.pk, screening.something(county), by=cadre),
            lambda: actions.report(row.pk, screening.something(county), by=grid),
        ]
    )
    refusals = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert len(refusals) == 1
    assert "本轮已由" in refusals[0].message
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"who": " "}, "who_and_where"),
        ({"visited_on": "later"}, "future"),
        ({"visited_at": time(18, 0)}, "future"),
        ({"visited_on": "before"}, "before_period"),
    ],
)
def test_what_is_missing_is_said(county, changes, code):
    with on(18):
        row = screening.opened(county)
        days: dict[object, object] = {"later": clock.today().replace(day=20), "before": row.from_on.replace(day=1)}
        facts = {name: days.get(value, value) for name, value in changes.items()}
        with pytest.raises(NotAllowed) as refusal:
            actions.report(row.pk, screening.nothing(**facts), by=county.scope("village_cadre"))
    assert refusal.value.code == code


def test_the_page_of_a_village_cadre(county, sign_in):
    row = screening.opened(county)
    page = sign_in("village_cadre")
    desk = page.get("/mediation/screening/").content.decode()
    assert "本周排查" in desk
    assert "未发现" in desk
    address = f"/mediation/screening/rounds/{row.pk}/"
    assert "上报：未发现" in page.get(address).content.decode()
    assert "上报发现" in page.get(address + "?found=1").content.decode()
    missing = page.post(address, _typed(county, households=""))
    assert missing.status_code == 422
    assert "请填写走访了多少户" in missing.content.decode()
    assert page.post(address, _typed(county)).status_code == 303
    assert "未发现" in page.get(address).content.decode()
    again = page.post(address, _typed(county))
    assert again.status_code == 409
    assert "本轮已由孙村" in again.content.decode()


def test_found_without_a_finding_is_asked_for_one(county, sign_in):
    row = screening.opened(county)
    page = sign_in("village_cadre")
    address = f"/mediation/screening/rounds/{row.pk}/"
    empty = page.post(address, {**_typed(county), **_found(county, what="", people="", type_code="", signs=[])})
    assert empty.status_code == 422
    assert "请至少写一项" in empty.content.decode()
    half = page.post(address, {**_typed(county), **_found(county, people="")})
    assert "请写明大概涉及谁" in half.content.decode()
    assert page.post(address, {**_typed(county), **_found(county)}).status_code == 303
    finding = Finding.objects.get()
    assert (finding.signs, finding.area) == (["fight"], county.areas["jiuqu"])
    assert "待处置" in page.get(address).content.decode()


def test_a_draft_survives_and_is_gone_after_the_report(county, sign_in):
    row = screening.opened(county)
    page = sign_in("village_cadre")
    address = f"/mediation/screening/rounds/{row.pk}/"
    assert page.post(address + "draft/", {**_typed(county, place="村西果园"), **_found(county)}).status_code == 204
    assert "陈某" not in RoundDraft.objects.get().token
    shown = page.get(address + "?found=1").content.decode()
    assert "村西果园" in shown
    assert "两家因排水争吵" in shown
    assert "村西果园" not in sign_in("grid_worker").get(address).content.decode()
    page.post(address, _typed(county))
    assert not RoundDraft.objects.exists()
    late = page.post(address + "draft/", _typed(county))
    assert late.status_code == 409
    assert "本轮已由" in late.json()["message"]


def test_the_form_prints_blank_and_filled_in_and_is_on_record(county, sign_in):
    row = screening.opened(county)
    page = sign_in("village_cadre")
    blank = page.get(f"/mediation/screening/rounds/{row.pk}/form.pdf")
    assert blank.content.startswith(b"%PDF")
    actions.report(row.pk, screening.something(county), by=county.scope("village_cadre"))
    assert page.get(f"/mediation/screening/rounds/{row.pk}/form.pdf").content.startswith(b"%PDF")
    assert AccessEntry.objects.filter(event=AccessEntry.Event.PRINT, object_type="screening").count() == 2
    assert sign_in("other_handler").get(f"/mediation/screening/rounds/{row.pk}/form.pdf").status_code == 404
