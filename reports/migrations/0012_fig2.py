"""An act notes who held the matter when it was done: after an outage the reports know every holder in between."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

#: Case and history are written by one statement, so the trigger after it sees the case as the act left it.
NOTE = """
CREATE OR REPLACE FUNCTION reports_note_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_stale (case_id, happened_on, unit_id, handler_id, closed_on, outcome)
    SELECT t.case_id, t.happened_on, c.unit_id, c.handler_id, (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(c.outcome, '')
      FROM (SELECT case_id, min((happened_at AT TIME ZONE 'Asia/Shanghai')::date) AS happened_on FROM touched GROUP BY case_id) t
      LEFT JOIN casework_case c ON c.id = t.case_id;
    RETURN NULL;
END $$;
"""
NOTE_AS_BEFORE = """
CREATE OR REPLACE FUNCTION reports_note_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_stale (case_id, happened_on)
    SELECT case_id, min((happened_at AT TIME ZONE 'Asia/Shanghai')::date) FROM touched GROUP BY case_id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0011_fig"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "stale", "unit_id", models.BigIntegerField(help_text="who held it after the act; of a limit or a link not noted", null=True)
        ),
        migrations.AddField("stale", "handler_id", models.BigIntegerField(null=True)),
        migrations.AddField("stale", "closed_on", models.DateField(null=True)),
        migrations.AddField("stale", "outcome", models.CharField(blank=True, db_default="", max_length=12)),
        migrations.RunSQL(NOTE, NOTE_AS_BEFORE),
    ]
