"""Indexes of millions of rows, built while the county works: no statement here keeps a reader or a writer waiting.

A build that was cut off leaves an invalid index of its name behind, so what bears the name goes first and the migration can
be run again. It waits for the transactions that run, however long they take: for it the limit on waiting does not hold.
"""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

_CREATE_OLD_NAME = "CREATE INDEX CONCURRENTLY IF NOT EXISTS party_name ON casework_party (name text_pattern_ops)"


def _gone(name: str, again: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", again or migrations.RunSQL.noop)


class Migration(migrations.Migration):
    atomic = False

    dependencies: ClassVar = [("casework", "0032_legal_aid")]
    operations: ClassVar = [
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        migrations.SeparateDatabaseAndState(
            database_operations=[_gone("party_name", _CREATE_OLD_NAME)],
            state_operations=[migrations.RemoveIndex("party", "party_name")],
        ),
        AddIndexConcurrently("party", models.Index(fields=["name"], opclasses=["text_pattern_ops"], include=["case"], name="party_name")),
        _gone("reach_own_due"),
        AddIndexConcurrently(
            "reach",
            models.Index(
                fields=["reader", "due_on", "case"],
                include=["warn_on", "opened_at", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_own_due",
                condition=models.Q(is_open=True, topic_code__gte="A"),
            ),
        ),
        _gone("reach_own_opened"),
        AddIndexConcurrently(
            "reach",
            models.Index(
                fields=["reader", "-opened_at", "-case"],
                include=["is_open", "due_on", "warn_on", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_own_opened",
                condition=models.Q(topic_code__gte="A"),
            ),
        ),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
    ]
