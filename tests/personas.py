"""The small county and its people, for every test that asks for `county`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase

from casework import limits
from organisations import directory, sessions
from tests.factories import county as factory


@pytest.fixture(autouse=True)
def _nothing_held_from_the_last_test() -> Iterator[None]:
    """Snapshots outlive a test's rolled-back data; drop them on both sides."""
    directory.forget()
    limits.forget()
    yield
    directory.forget()
    limits.forget()
    cache.clear()


#: Tables that refuse TRUNCATE. Tests with real commits are cleaned by TRUNCATE, so it is let through there;
#: tests/casework/test_append_only.py switches it back on and tries.
NO_TRUNCATE = {
    "organisations_accessentry": "access_no_truncate",
    "casework_entry": "casework_entry_no_truncate",
    "casework_seal": "casework_seal_no_truncate",
    "reports_closing": "reports_closing_no_truncate",
    "reports_frozenfact": "reports_frozen_no_truncate",
    "reports_frozenpast": "reports_frozen_past_no_truncate",
    "reports_reportfile": "reports_file_no_truncate",
}


#: Written by the migrations themselves, and by no test.
OF_THE_FRAMEWORK = frozenset({"django_migrations", "django_content_type", "auth_permission"})
LONGEST_WRITE_S = 10.0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table, trigger in NO_TRUNCATE.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            TransactionTestCase._fixture_teardown = empty_what_was_filled


def empty_what_was_filled(_case: TransactionTestCase) -> None:
    """After a test with real commits, in place of Django's flush.

    That truncates 167 tables with all their indexes and writes the framework's rows again: seconds, after every such test.
    Whoever still writes is waited for; then only the tables that hold something are emptied, without the triggers that keep
    history (a superuser's right: with another user Django's own way stays).
    """
    tables = sorted(set(connection.introspection.table_names()) - OF_THE_FRAMEWORK)
    with connection.cursor() as cursor:
        until = monotonic() + LONGEST_WRITE_S
        while monotonic() < until:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL")
            if cursor.fetchone() is None:
                break
            sleep(0.02)
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
        filled = [name for (name,) in cursor.fetchall()]
        with transaction.atomic():
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in filled:
                cursor.execute(f"DELETE FROM {table}")


@pytest.fixture
def county(db) -> factory.County:
    return factory.build()


@pytest.fixture
def sign_in(county: factory.County) -> Callable[[str], Client]:
    """A browser in which the persona has signed in (session made directly; the sign-in page has its own tests)."""

    def make(person: str) -> Client:
        client = Client()
        client.force_login(county.people[person], backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        sessions.begin(session, idle_minutes=30, must_enrol=False)
        session.save()
        return client

    return make
