"""Many register disputes at the same moment: numbers have no gap and no twin, and nobody waits for another longer than one statement."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from casework import chain
from casework.models import Case, Counter, Party
from casework.rules import NotAllowed
from mediation.actions import intake
from mediation.models import Dispute, Rung, Side
from tests.factories import disputes

WRITERS = 8
PEOPLE = [
    disputes.person("陈桂兰", "a"),
    replace(disputes.person("陈桂英", "a"), is_representative=True),
    disputes.person("陈德旺", "b"),
    replace(disputes.person("陈老四", "c"), is_willing=False),
    replace(disputes.person("刘代理", "b", authority="授权委托书"), is_agent=True),
]


@pytest.mark.django_db
def test_everything_that_hangs_on_a_new_dispute_is_written_with_its_number(county):
    """The county's other registrations wait from the number to the end of the transaction (L-PET-37): nothing is written after it."""
    by = county.scope("village_cadre")
    intake.register(disputes.intake(county), by=by)
    with CaptureQueriesContext(connection) as asked:
        intake.register(disputes.intake(county, people=PEOPLE), by=by)
    said = [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    numbered = next(no for no, sql in enumerate(said) if "casework_counter" in sql)
    assert said[numbered + 1 :] == []
    for model in (Case, Dispute, Party, Side, Rung):
        assert model._meta.db_table in said[numbered]


@pytest.mark.django_db
def test_each_person_stands_on_the_side_that_was_written(county):
    """Sides are written in the same statement as the people whose keys they carry: none may get a neighbour's."""
    dispute = intake.register(disputes.intake(county, people=PEOPLE), by=county.scope("village_cadre"))
    found = Side.objects.filter(dispute=dispute).order_by("party__no")
    assert list(found.values_list("party__name", "letter", "is_agent", "is_representative", "is_willing")) == [
        ("陈桂兰", "a", False, False, None),
        ("陈桂英", "a", False, True, None),
        ("陈德旺", "b", False, False, None),
        ("陈老四", "c", False, False, False),
        ("刘代理", "b", True, False, None),
    ]
    assert Party.objects.filter(case=dispute.case).count() == len(PEOPLE)
    assert list(Rung.objects.values_list("dispute", "step", "unit")) == [(dispute.pk, 1, dispute.case.unit_id)]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_gap_and_no_twin(county):
    by, start = county.scope("village_cadre"), Barrier(WRITERS)

    def write(no: int) -> None:
        try:
            if no < WRITERS:
                start.wait(timeout=20)
            intake.register(disputes.intake(county, people=PEOPLE), by=by)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(20)))
    assert sorted(int(number[-6:]) for number in Case.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert Counter.objects.get(series__startswith="case:TJ").value == 20
    assert Side.objects.count() == 20 * len(PEOPLE)
    assert not Side.objects.exclude(party__case=F("dispute__case")).exists()
    assert list(chain.verify_cases()) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_makes_one_dispute_and_takes_one_number(county):
    by, key, start = county.scope("village_cadre"), uuid4(), Barrier(4)

    def write(_: int) -> int:
        try:
            start.wait(timeout=20)
            return int(intake.register(disputes.intake(county, submission=key), by=by).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(write, range(4)))) == 1
    assert Case.objects.count() == Dispute.objects.count() == 1
    assert Side.objects.count() == 2
    intake.register(disputes.intake(county), by=by)
    assert sorted(number[-6:] for number in Case.objects.values_list("number", flat=True)) == ["000001", "000002"]


@pytest.mark.django_db
def test_a_form_somebody_else_sent_is_refused_plainly_and_shown_to_nobody(county):
    key = uuid4()
    intake.register(disputes.intake(county, submission=key), by=county.scope("village_cadre"))
    with pytest.raises(NotAllowed, match="另一位同事") as refused, transaction.atomic():
        intake.register(disputes.intake(county, submission=key), by=county.scope("town_handler"))
    assert refused.value.code == "submission_taken"
    assert Case.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("people", "code"),
    [
        ([disputes.person("陈桂兰", "a")], "two_sides"),
        ([disputes.person("陈桂兰", "a"), replace(disputes.person("刘代理", "b", authority="授权委托书"), is_agent=True)], "two_sides"),
        ([*PEOPLE[:3], replace(disputes.person("刘代理", "b"), is_agent=True)], "authority_needed"),
        ([disputes.person("陈德旺", "b"), *(replace(disputes.person(f"陈{no}", "a"), is_representative=True) for no in range(6))], "too_many"),
    ],
)
def test_two_sides_with_a_person_each_five_who_speak_and_agents_with_authority(county, people, code):
    with pytest.raises(NotAllowed) as refused:
        intake.register(disputes.intake(county, people=people), by=county.scope("village_cadre"))
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_five_may_speak_for_a_side(county):
    people = [disputes.person("陈德旺", "b"), *(replace(disputes.person(f"陈{no}", "a"), is_representative=True) for no in range(5))]
    dispute = intake.register(disputes.intake(county, people=people), by=county.scope("village_cadre"))
    assert Side.objects.filter(dispute=dispute, is_representative=True).count() == 5
