"""One statement writes a new case and all that hangs on it; what others wait for is taken last."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from casework import chain
from casework.models import Case, Counter, Entry, SearchText
from petitions import actions
from tests.factories import disputes, petitions

BEFORE = ("casework_party_id_seq", "casework_deadline_id_seq", "casework_reach_id_seq", "petitions_point_id_seq")
AFTER = "casework_entry_id_seq"


def taken() -> dict[str, int]:
    """How far each table's keys are taken: also by a statement that is still under way."""
    with connection.cursor() as db:
        db.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences")
        return dict(db.fetchall())


def wait_until_somebody_waits() -> None:
    for _ in range(200):
        with connection.cursor() as db:
            db.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if db.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits for the number")


@pytest.mark.django_db(transaction=True)
def test_the_number_is_taken_after_all_that_does_not_show_it(county):
    by, intake = county.scope("clerk"), petitions.intake(county)
    actions.register(intake, by=by)

    def register() -> str:
        try:
            return actions.register(petitions.intake(county), by=by).case.number
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Counter.objects.select_for_update().get(series__startswith="case:")
            before = taken()
            other = pool.submit(register)
            wait_until_somebody_waits()
            now = taken()
        assert other.result(timeout=20).endswith("000002")
    assert {name for name in BEFORE if now[name] > before[name]} == set(BEFORE)
    assert now[AFTER] == before[AFTER]
    assert list(chain.verify_cases()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("registered", [petitions.registered, disputes.registered])
def test_what_the_statement_made_is_what_the_act_returns(county, registered):
    case = registered(county).case
    kept = Case.objects.get(pk=case.pk)
    assert (kept.number, kept.head_hash, kept.entries) == (case.number, case.head_hash, 1)
    assert Entry.objects.get(case=case).hash == case.head_hash
    assert SearchText.objects.get(case=case).text.split("\n")[:2] == [case.number[:-6], case.title]
    assert list(chain.verify_cases([case.pk])) == []


@pytest.mark.django_db
def test_numbers_past_six_digits_grow_and_are_not_cut(county):
    petitions.registered(county)
    Counter.objects.filter(series__startswith="case:").update(value=999_999)
    assert petitions.registered(county).case.number.endswith("-1000000")
