"""掌上调解室 under attack: who guesses, floods, smuggles, or books what another just took gets nothing (L-SEC-8, L-SEC-10)."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from casework import effort
from casework.rules import NotAllowed
from mediation.chamber import actions, entrance, views
from mediation.models import Booking, ChamberVisit, Conversation
from organisations import clock
from tests.factories import disputes_chamber as chamber
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def test_unknown_and_wrong_are_one_answer(county):
    row, _ = chamber.asked(county, chamber.shown(county))
    seen = set()
    for number, code in ((row.number, "ABCDEFGH23"), ("TS370685-2026-999999", "ABCDEFGH23"), (row.number, "")):
        answer = Client().post(chamber.MATTER, {"number": number, "code": code or "x"})
        text = answer.content.decode()
        seen.add((answer.status_code, views.NOT_FOUND in text, chamber.WHAT in text, "yimen_chamber" in answer.cookies))
    assert seen == {(422, True, False, False)}
    assert ChamberVisit.objects.count() == 1  # of who asked


def test_guessing_is_stopped_with_a_sentence(county):
    row, code = chamber.asked(county, chamber.shown(county))
    client = Client()
    guesses = [{"number": row.number, "code": f"ABCDEFGH{n:02d}"} for n in range(entrance.BY_NUMBER.most + 1)]
    statuses = [client.post(chamber.MATTER, guess).status_code for guess in guesses]
    assert statuses[-1] == 429
    answer = client.post(chamber.MATTER, {"number": row.number, "code": code})
    assert answer.status_code == 429
    assert views.TOO_OFTEN in answer.content.decode()


def test_only_a_keyed_hash_is_kept(county):
    row, code = chamber.asked(county, chamber.shown(county))
    assert row.code_hash == entrance.hashed(row.number, code)
    assert len(row.code_hash) == 64
    assert code not in " ".join(str(value) for value in Conversation.objects.values_list().get())


def test_without_a_visit_every_page_leads_back(county):
    for path in ("say", "book", "confirm", "cancel"):
        answer = Client().post(f"/mediators/matter/{path}/", {"text": "x", "key": str(uuid.uuid4())})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/mediators/matter/")


def test_a_made_up_cookie_opens_nothing(county):
    client = Client()
    client.cookies["yimen_chamber"] = "made-up:1abc:xyz"
    assert "查询码" in client.get(chamber.MATTER).content.decode()


def test_a_visit_ends_by_itself_and_by_leaving(county):
    row, code = chamber.asked(county, chamber.shown(county))
    client = chamber.let_in(row, code)
    client.post("/mediators/matter/leave/")
    assert chamber.WHAT not in client.get(chamber.MATTER).content.decode()
    with clock.at(clock.now() + entrance.LONGEST):
        assert entrance.sweep() == 1
    assert not ChamberVisit.objects.exists()


def test_script_in_matter_and_message_is_shown_as_text(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county), what=f"{EVIL}邻居堵了水沟", place=EVIL[:60])
    actions.say(row.pk, EVIL, key=uuid.uuid4())
    for page in (chamber.let_in(row, code).get(chamber.MATTER), sign_in("mediator").get(f"/mediation/room/{row.number}/")):
        text = page.content.decode()
        assert EVIL not in text
        assert "&lt;script&gt;" in text
        assert "script-src" in page.headers["Content-Security-Policy"]


def test_too_long_is_refused(county):
    row, code = chamber.asked(county, chamber.shown(county))
    client = chamber.let_in(row, code)
    assert client.post(chamber.SAY, {"key": str(uuid.uuid4()), "text": "长" * 501}).status_code == 422
    assert Client().post(chamber.ASK, chamber.typed(county, what="长" * 1001)).status_code == 422
    assert not row.messages.exists()


def test_a_flood_of_matters_is_answered_429_in_words(county):
    person, statuses = chamber.shown(county), []
    for n in range(views.ASK_PLAIN.most + 1):
        answer = Client().post(chamber.ASK, chamber.typed(county, person, phone=f"1380013{n:04d}"))
        statuses.append(answer.status_code)
    assert statuses == [200] * views.ASK_PLAIN.most + [429]
    assert "提交得太多了" in answer.content.decode()
    assert chamber.WHAT in answer.content.decode()  # what was typed stays
    assert Conversation.objects.count() == views.ASK_PLAIN.most


def test_one_telephone_asks_so_many_a_day_even_with_proofs(county, monkeypatch):
    monkeypatch.setattr(effort, "BITS", 4)
    person, statuses = chamber.shown(county), []
    for _ in range(views.ASK_PHONE.most + 1):
        held = effort.challenge()
        proof = next(str(n) for n in range(1 << 16) if effort.is_proof(held.nonce, 4, str(n)))
        form = chamber.typed(county, person, effort=held.token, effort_answer=proof)
        statuses.append(Client().post(chamber.ASK, form).status_code)
    assert statuses == [200] * views.ASK_PHONE.most + [429]


def test_a_flood_of_messages_is_answered_429_in_words(county):
    row, code = chamber.asked(county, chamber.shown(county))
    client = chamber.let_in(row, code)
    answers = [client.post(chamber.SAY, {"key": str(uuid.uuid4()), "text": f"第{n}句"}) for n in range(views.SAY.most + 1)]
    assert [answer.status_code for answer in answers] == [302] * views.SAY.most + [429]
    assert "发得太快了" in answers[-1].content.decode()


def test_a_form_of_another_browser_is_another_matter(county):
    person = chamber.shown(county)
    form, codes = chamber.typed(county, person), []
    for _ in range(2):
        client = Client()
        client.get(chamber.ASK)
        codes.append(chamber.code_on(client.post(chamber.ASK, form).content.decode()))
    assert codes[0][0] != codes[1][0]
    assert codes[0][1] != codes[1][1]


@pytest.mark.django_db(transaction=True)
def test_two_people_book_the_same_hour_at_once_and_one_has_it(county):
    person = chamber.shown(county)
    rows = [chamber.asked(county, person)[0] for _ in range(4)]
    moment = chamber.first_slots(person)[0]
    answers = at_once([lambda row=row: actions.book(row.pk, person.pk, moment) for row in rows])
    refusals = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert len(refusals) == 3
    assert {refusal.code for refusal in refusals} == {"slot_taken"}
    assert Booking.objects.get().starts_at == moment


@pytest.mark.django_db(transaction=True)
def test_who_loses_the_race_keeps_the_hour_held_before(county):
    person = chamber.shown(county)
    (mine, _), (other, _) = chamber.asked(county, person), chamber.asked(county, person)
    first, second = chamber.first_slots(person)
    actions.book(mine.pk, person.pk, first)
    actions.book(other.pk, person.pk, second)
    with pytest.raises(NotAllowed):
        actions.book(mine.pk, person.pk, second)
    assert mine.bookings.get().state == "booked"


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_moment_makes_one(county):
    facts, key = chamber.matter(county, chamber.shown(county)), uuid.uuid4()
    answers = at_once([lambda: actions.ask(facts, submission=key, code="ABCDEFGH23") for _ in range(4)])
    assert len({answer.number for answer in answers}) == 1
    assert Conversation.objects.count() == 1
