"""History cannot be altered by any user, and whoever goes around the database's guard is named (ALL-6)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction

from casework import chain
from casework.models import Case, Entry
from organisations import access, clock
from organisations.models import AccessEntry
from tests.factories import petitions
from tests.personas import NO_TRUNCATE

pytestmark = pytest.mark.django_db


def tamper(sql: str, *args: object) -> None:
    """Change rows as somebody with the database's password could: triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, args)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize("table", ["casework_entry", "organisations_accessentry"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_history(county, table, verb):
    petitions.registered(county)
    access.log(AccessEntry.Event.PRINT, user=county.people["clerk"])
    with connection.cursor() as cursor:
        # Pending row triggers would block ALTER TABLE; there are none once constraints are checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {NO_TRUNCATE[table]}")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


def test_an_untouched_house_verifies(county, capsys):
    petitions.closed(county)
    call_command("verify_history")
    assert "核对无误" in capsys.readouterr().out


def test_a_changed_line_is_named(county):
    petition = petitions.accepted(county)
    line = Entry.objects.get(case=petition.pk, act="petition.sign")
    tamper("UPDATE casework_entry SET text = '改过' WHERE id = %s", line.pk)
    (broken,) = chain.verify_cases()
    assert broken.where == f"{petition.case.number} 第3条（记录号 {line.pk}）"
    with pytest.raises(CommandError, match="被改动过"):
        call_command("verify_history")


def test_a_line_taken_out_of_the_middle_is_named(county):
    petition = petitions.accepted(county)
    tamper("DELETE FROM casework_entry WHERE case_id = %s AND no = 2", petition.pk)
    (broken,) = chain.verify_cases()
    assert "序号不连续" in broken.what


def test_a_missing_tail_is_noticed(county):
    petition = petitions.accepted(county)
    tamper("DELETE FROM casework_entry WHERE case_id = %s AND no = 4", petition.pk)
    (broken,) = chain.verify_cases()
    assert "应有4条历史，实有3条" in broken.what


def test_a_rewritten_chain_breaks_the_seal(county):
    petition = petitions.accepted(county)
    now = clock.now() + timedelta(days=1)
    assert chain.seal(now.date(), now)
    tamper("DELETE FROM casework_entry WHERE case_id = %s AND no = 4", petition.pk)
    third = Entry.objects.get(case=petition.pk, no=3)
    Case.objects.filter(pk=petition.pk).update(entries=3, head_hash=third.hash)
    assert list(chain.verify_cases()) == []
    (broken,) = chain.verify_seals()
    assert "日封" in broken.where


def test_a_day_is_sealed_once(county):
    petitions.registered(county)
    now = clock.now() + timedelta(days=1)
    assert chain.seal(now.date(), now) is not None
    assert chain.seal(now.date(), now) is None
    assert list(chain.verify_seals()) == []


def test_lines_entered_with_old_dates_do_not_break_an_earlier_seal(county):
    petitions.registered(county)
    now = clock.now() + timedelta(days=1)
    chain.seal(now.date(), now)
    with clock.at(now - timedelta(days=300)):
        petitions.registered(county)
    assert list(chain.verify_seals()) == []


def test_a_changed_access_line_is_named(county):
    line = access.log(AccessEntry.Event.REVEAL, user=county.people["clerk"], field="证件号码")
    tamper("UPDATE organisations_accessentry SET field = '' WHERE id = %s", line.pk)
    (broken,) = chain.verify_access_log()
    assert str(line.pk) in broken.where
