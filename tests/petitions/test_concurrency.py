"""Two people at once, with real connections: one wins, the other is told, numbers have no gap and no twin."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from casework import chain
from casework.models import Case, Counter, Link
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions
from petitions.models import Dispatch
from tests.factories import petitions

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]], workers: int = 8) -> list[Any]:
    """Run the calls in threads that start together; return results and NotAllowed errors in order."""
    barrier = Barrier(min(workers, len(calls)))

    def run(number: int, call: Callable[[], Any]) -> Any:
        try:
            if number < barrier.parties:
                barrier.wait(timeout=20)
            return call()
        except NotAllowed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(len(calls)), calls))


def test_two_clerks_route_the_same_case_one_wins_the_other_is_told(county):
    case = petitions.registered(county).case

    def route(person: str, unit: str) -> Callable[[], Any]:
        by, to = county.scope(person), county.units[unit].id
        return lambda: actions.route(case.number, mode="LJB", to_unit_id=to, words="请办理", by=by, version=1)

    first, second = at_once([route("office", "land"), route("office2", "water")])
    refusals = [r for r in (first, second) if isinstance(r, NotAllowed)]
    assert len(refusals) == 1
    assert refusals[0].status == 409
    assert Dispatch.objects.filter(petition=case.pk).count() == 1
    assert list(chain.verify_cases()) == []


def test_fifty_registrations_at_once_leave_no_gap_and_no_twin(county):
    by = county.scope("clerk")
    at_once([lambda: actions.register(petitions.intake(county), by=by)] * 50)
    numbers = sorted(int(n[-6:]) for n in Case.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 51))
    assert Counter.objects.get(series__startswith="case:").value == 50
    assert list(chain.verify_cases()) == []


def test_a_registration_that_fails_leaves_no_gap(county):
    by = county.scope("clerk")
    actions.register(petitions.intake(county), by=by)
    with pytest.raises(KeyError):
        actions.register(petitions.intake(county, topic_code="000000"), by=by)
    with pytest.raises(Exception, match="value too long"):
        actions.register(petitions.intake(county, title="长" * 200), by=by)
    last = actions.register(petitions.intake(county), by=by)
    assert last.case.number.endswith("-000002")


def test_the_same_form_sent_many_times_at_once_makes_one_case(county):
    by, key = county.scope("clerk"), uuid4()
    results = at_once([lambda: actions.register(petitions.intake(county, submission=key), by=by)] * 6)
    assert len({petition.pk for petition in results}) == 1
    assert Case.objects.count() == 1


def test_a_form_somebody_else_sent_is_refused_plainly(county):
    key = uuid4()
    actions.register(petitions.intake(county, submission=key), by=county.scope("clerk"))
    with pytest.raises(NotAllowed, match="另一位同事"):
        actions.register(petitions.intake(county, submission=key), by=county.scope("clerk2"))
    assert Case.objects.count() == 1


def test_two_merges_into_each_other_at_once_do_not_both_stand(county):
    a, b = petitions.registered(county).case, petitions.registered(county).case
    by = county.scope("office")
    results = at_once(
        [
            lambda: actions.merge(a.number, into=b.number, reason="同一事项", by=by),
            lambda: actions.merge(b.number, into=a.number, reason="同一事项", by=by),
        ]
    )
    assert sum(isinstance(r, NotAllowed) for r in results) == 1
    assert Link.objects.filter(kind="merged", undone_at=None).count() == 1


def test_signing_and_objecting_at_once_leaves_one_truth(county):
    case = petitions.routed(county).case
    by, other = county.scope("handler"), county.scope("handler2")
    at_once(
        [
            lambda: actions.sign(case.number, by=by, version=case.version),
            lambda: actions.object_to(case.number, reason="不属本局职权", by=other, version=case.version),
        ]
    )
    case.refresh_from_db()
    assert case.state in {"signed", "objected"}
    assert list(chain.verify_cases()) == []


def test_reading_the_clock_once_keeps_one_moment_per_act(county):
    moment = clock.now() - timedelta(days=3)
    with clock.at(moment):
        case = petitions.registered(county).case
    assert case.opened_at == case.state_since == moment


def test_who_waits_too_long_for_a_case_is_told_and_keeps_the_words(county, sign_in):
    """Somebody else's act holds the case for longer than a request waits: no fault of the house, and nothing is lost."""
    case = petitions.registered(county).case
    holds, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).get(pk=case.pk)
            holds.set()
            done.wait(timeout=20)
        connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        holds.wait(timeout=20)
        client = sign_in("clerk")
        answer = client.post(f"/petitions/{case.number}/note/", {"version": case.version, "text": "电话告知进度。"})
        done.set()
        held.result()
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事正在办理本件" in page
    assert "电话告知进度。" in page
    assert client.post(f"/petitions/{case.number}/note/", {"version": case.version, "text": "电话告知进度。"}).status_code in (302, 303)
