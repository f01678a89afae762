"""Numbers past the millionth (L-PET-37), and two clicks of one auditor at the same moment."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection, transaction

from casework.models import Case, Counter
from organisations.rules import NotAllowed
from reports.audit import actions, queries
from reports.models import AuditQuestion
from tests.factories import petitions


def numbered(county, serials: list[str]) -> str:
    """Cases of one series with these serials; returns what its numbers begin with."""
    made = [petitions.registered(county).case for _ in serials]
    head = made[0].number.rpartition("-")[0] + "-"
    # First out of each other's way, then to the numbers they shall have.
    for numbers in ([f"old-{serial}" for serial in serials], [head + serial for serial in serials]):
        for case, number in zip(made, numbers, strict=True):
            Case.objects.filter(pk=case.pk).update(number=number)
    return head


def given(head: str, value: int) -> queries.Series:
    code, year = head.strip("-").split("-")
    Counter.objects.filter(series=f"case:{code}:{year}").update(value=value)
    return next(row for row in queries.series() if row.head == head)


@pytest.mark.django_db
def test_the_millionth_number_has_seven_digits_and_is_no_gap(county):
    # A text of six digits is larger than one of seven: 1000000 would lie before 999999.
    head = numbered(county, ["000001", "999999", "1000000"])
    found = given(head, 1_000_000)
    assert (found.given, found.standing) == (1_000_000, 3)
    assert found.missing == [f"{head}{serial:06d}" for serial in range(2, 22)]


@pytest.mark.django_db
def test_a_number_of_seven_digits_that_was_never_given_fills_no_gap(county):
    head = numbered(county, ["000001", "000003", "1000000"])
    found = given(head, 3)
    assert found.standing == 3
    assert found.missing == [f"{head}000002"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_of_one_person_come_one_after_the_other(county):
    auditor = county.scope("auditor")
    told: list[str] = []

    def click() -> None:
        actions.ask(unit_id=county.units["land"].id, subject="送达凭据", words="请说明。", days=5, number="", sample_id=None, by=auditor)

    def second() -> None:
        try:
            click()
        except NotAllowed as refused:
            told.append(refused.code)
        finally:
            connection.close()

    other = Thread(target=second)
    with transaction.atomic():
        click()
        other.start()
        other.join(1)
        # What the first made is not to be seen yet: the second waits for it.
        assert other.is_alive()
    other.join(30)
    assert told == ["asked_before"]
    assert AuditQuestion.objects.count() == 1
