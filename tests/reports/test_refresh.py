"""Facts follow the docket: killed in the middle, two at once, an act committing meanwhile, an act rolled back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, transaction

from organisations import clock
from petitions import actions
from reports.actions import refresh
from reports.models import Fact, FactState, Stale
from reports.queries import kept, proof
from tests.factories import petitions


@pytest.mark.django_db
def test_an_act_makes_its_case_stale_and_the_next_refresh_makes_the_fact(county):
    number = petitions.registered(county).case.number
    assert Stale.objects.exists()
    assert refresh.refresh() == 1
    assert not Stale.objects.exists()
    before = FactState.objects.get().version
    assert refresh.refresh() == 0
    assert FactState.objects.get().version == before
    actions.note(number, text="电话联系", by=county.scope("clerk"))
    # A note changes no fact: what a page keeps by the version stays good.
    assert refresh.refresh() == 0
    assert FactState.objects.get().version == before
    actions.void(number, reason="登记错误", by=county.scope("office"))
    assert refresh.refresh() == 1
    assert FactState.objects.get().version == before + 1


@pytest.mark.django_db
def test_a_clock_that_ran_ahead_and_was_set_right_does_not_stop_the_figures(county):
    """Facts of «tomorrow» looked young until tomorrow came: the dashboard stood still and gave a time that was still to come."""
    with clock.at(clock.now() + timedelta(days=1)):
        refresh.refresh_if_old()
    petitions.registered(county)
    refresh.refresh_if_old()
    assert Fact.objects.count() == 1
    assert FactState.objects.get().refreshed_at <= clock.now()


@pytest.mark.django_db
def test_a_page_brings_old_facts_up_to_date_and_leaves_young_ones_alone(county, django_assert_num_queries):
    petitions.registered(county)
    refresh.refresh_if_old()
    assert Fact.objects.count() == 1
    petitions.registered(county)
    with django_assert_num_queries(1):
        refresh.refresh_if_old()
    assert Fact.objects.count() == 1
    with clock.at(clock.now() + timedelta(seconds=61)):
        refresh.refresh_if_old()
    assert Fact.objects.count() == 2


@pytest.mark.django_db
def test_an_act_rolled_back_leaves_nothing_stale(county):
    petitions.registered(county)
    refresh.refresh()
    with transaction.atomic():
        petitions.registered(county)
        transaction.set_rollback(True)
    assert not Stale.objects.exists()
    assert Fact.objects.count() == 1


@pytest.mark.django_db
def test_killed_in_the_middle_nothing_is_lost(county, monkeypatch):
    petitions.accepted(county)
    held = refresh._tally

    def killed(*_):
        raise SystemExit

    refresh.refresh()
    petitions.accepted(county)
    waiting = Stale.objects.count()
    monkeypatch.setattr(refresh, "_tally", killed)
    with pytest.raises(SystemExit):
        refresh.refresh()
    assert (Stale.objects.count(), Fact.objects.count()) == (waiting, 1)
    monkeypatch.setattr(refresh, "_tally", held)
    refresh.refresh()
    assert list(proof.differences()) == []
    assert Fact.objects.count() == 2


@pytest.mark.django_db
def test_portions_of_one_make_the_same_facts(county, monkeypatch):
    petitions.accepted(county)
    petitions.closed(county)
    monkeypatch.setattr(refresh, "PORTION", 1)
    refresh.refresh()
    assert list(proof.differences()) == []
    assert not Stale.objects.exists()


@pytest.mark.django_db
def test_what_was_read_is_kept_until_a_fact_changes(county):
    made = []

    def make() -> int:
        made.append(1)
        return len(made)

    number = petitions.registered(county).case.number
    refresh.refresh()
    assert [kept.of("x", "asked", make), kept.of("x", "asked", make), kept.of("x", "else", make)] == [1, 1, 2]
    actions.note(number, text="电话联系", by=county.scope("clerk"))
    refresh.refresh()
    assert kept.of("x", "asked", make) == 1
    actions.void(number, reason="登记错误", by=county.scope("office"))
    refresh.refresh()
    assert kept.of("x", "asked", make) == 3
    with clock.at(clock.now() + timedelta(days=1)):
        assert kept.of("x", "asked", make) == 4


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_an_act_committing_meanwhile(county):
    for _ in range(3):
        petitions.accepted(county)
    wrong: list[BaseException] = []
    go = threading.Barrier(3)

    def run(work) -> None:
        try:
            go.wait()
            work()
        except BaseException as error:
            wrong.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in (refresh.refresh, refresh.refresh, lambda: petitions.closed(county))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    refresh.refresh()
    assert Fact.objects.count() == 4
    assert list(proof.differences()) == []
