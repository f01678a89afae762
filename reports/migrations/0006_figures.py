"""How a fact stood on days that are over: who held the matter, until when, whether it was ended (issue 5 §1, §3)."""

from datetime import date
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# ruff: noqa: S608 (columns of our own, put together once)

#: Columns of a fact that have no past, and those that have one (reports.models.facts.StoodColumns).
_ALWAYS = (
    *("kind", "is_counted", "confidential", "town_code", "area_id", "topic_code", "channel", "form", "source", "purpose", "registered_unit_id"),
    *("headcount", "heads", "registered_on", "received_on", "days", "is_repeat", "is_first", "is_group", "is_level_skip", "is_litigation"),
    *("delivered_on", "is_rateable", "office_rating", "unit_rating", "reopened", "is_once", "sent_on", "signed_on", "returned", "sent_unit_id"),
    *("sign_unit_id", "supervised_on", "card_level", "card_on", "urged", "accompanied_on", "result", "is_prevented"),
)
_STOOD = (
    *("unit_id", "handler_id", "closed_on", "outcome", "forward_unit_id", "forward_due_on", "forwarded_on", "accept_unit_id", "accept_due_on"),
    *("accepted_on", "reply_unit_id", "reply_due_on", "replied_on", "due_on", "warn_on", "level"),
)
VIEW = f"""
CREATE VIEW reports_stoodfact AS
SELECT f.case_id, {", ".join(f"f.{column}" for column in (*_ALWAYS, *_STOOD))}, f.stood_from, NULL::date AS stood_until FROM reports_fact f
UNION ALL
SELECT f.case_id, {", ".join(f"f.{column}" for column in _ALWAYS)}, {", ".join(f"p.{column}" for column in _STOOD)}, p.stood_from, p.stood_until
  FROM reports_pastfact p JOIN reports_fact f ON f.case_id = p.case_id
"""
#: What a closing froze, in the same way; it stays as it was closed.
FROZEN = f"""
CREATE VIEW reports_frozenstood AS
SELECT f.closing_id, f.case_id, {", ".join(f"f.{column}" for column in (*_ALWAYS, *_STOOD))},
       coalesce((SELECT max(p.stood_until) FROM reports_frozenpast p WHERE p.closing_id = f.closing_id AND p.case_id = f.case_id),
                DATE '2000-01-01') AS stood_from, NULL::date AS stood_until
  FROM reports_frozenfact f
UNION ALL
SELECT f.closing_id, f.case_id, {", ".join(f"f.{column}" for column in _ALWAYS)}, {", ".join(f"p.{column}" for column in _STOOD)},
       p.stood_from, p.stood_until
  FROM reports_frozenpast p JOIN reports_frozenfact f ON f.closing_id = p.closing_id AND f.case_id = p.case_id;
CREATE TRIGGER reports_frozen_past_fixed BEFORE UPDATE OR DELETE ON reports_frozenpast FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reports_frozen_past_no_truncate BEFORE TRUNCATE ON reports_frozenpast FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reports_frozen_past_shut AFTER INSERT ON reports_frozenpast REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reports_frozen_shut();
"""
FROZEN_AS_BEFORE = """
DROP TRIGGER reports_frozen_past_shut ON reports_frozenpast; DROP TRIGGER reports_frozen_past_no_truncate ON reports_frozenpast;
DROP TRIGGER reports_frozen_past_fixed ON reports_frozenpast; DROP VIEW reports_frozenstood;
"""
#: The day something happened is known of an act: what is entered late changes the days since then.
NOTE = """
CREATE FUNCTION reports_note_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_stale (case_id, happened_on)
    SELECT case_id, min((happened_at AT TIME ZONE 'Asia/Shanghai')::date) FROM touched GROUP BY case_id;
    RETURN NULL;
END $$;
DROP TRIGGER reports_entry ON casework_entry;
CREATE TRIGGER reports_entry AFTER INSERT ON casework_entry REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION reports_note_act();
"""
NOTE_AS_BEFORE = """
DROP TRIGGER reports_entry ON casework_entry;
CREATE TRIGGER reports_entry AFTER INSERT ON casework_entry REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION reports_note();
DROP FUNCTION reports_note_act();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0029_terms"),
        ("reports", "0005_places"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "fact",
            "stood_from",
            models.DateField(db_default=date(2000, 1, 1), help_text="first day on which who held it, its limits and its end stand as here"),
        ),
        migrations.AddField(
            "stale",
            "happened_on",
            models.DateField(help_text="day of the earliest thing that happened; of a limit or a link alone it is not known", null=True),
        ),
        migrations.CreateModel(
            name="PastFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_id", models.BigIntegerField()),
                ("handler_id", models.BigIntegerField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("forward_unit_id", models.BigIntegerField(null=True)),
                ("forward_due_on", models.DateField(null=True)),
                ("forwarded_on", models.DateField(null=True)),
                ("accept_unit_id", models.BigIntegerField(null=True)),
                ("accept_due_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("reply_unit_id", models.BigIntegerField(null=True)),
                ("reply_due_on", models.DateField(null=True)),
                ("replied_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("warn_on", models.DateField(null=True)),
                ("level", models.IntegerField()),
                ("stood_from", models.DateField()),
                ("stood_until", models.DateField(help_text="first day on which it stood no more")),
                (
                    "case",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="casework.case"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["stood_until", "stood_from"], name="past_fact_days")],
                "constraints": [models.UniqueConstraint(fields=("case", "stood_from"), name="past_fact_once")],
            },
        ),
        migrations.CreateModel(
            name="StoodFact",
            fields=[
                ("kind", models.CharField(max_length=16)),
                ("is_counted", models.BooleanField(help_text="False: registered in error")),
                ("confidential", models.BooleanField()),
                ("town_code", models.CharField(blank=True, max_length=9)),
                ("area_id", models.BigIntegerField(null=True)),
                ("topic_code", models.CharField(max_length=6)),
                ("channel", models.CharField(max_length=3)),
                (
                    "form",
                    models.CharField(blank=True, help_text="国家统计口径 of the channel: 100 来信 200 来访 300 网信 400 来电 600 其他", max_length=3),
                ),
                ("source", models.CharField(blank=True, max_length=1)),
                ("purpose", models.CharField(blank=True, max_length=2)),
                ("unit_id", models.BigIntegerField(help_text="who holds it now")),
                ("registered_unit_id", models.BigIntegerField()),
                ("handler_id", models.BigIntegerField(null=True)),
                ("headcount", models.IntegerField()),
                ("heads", models.IntegerField(help_text="people, 0 for a second registration of the same visit (L-CLS-31)")),
                ("registered_on", models.DateField()),
                ("received_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("days", models.IntegerField(help_text="calendar days from receipt to the end", null=True)),
                ("is_repeat", models.BooleanField()),
                (
                    "is_first",
                    models.BooleanField(help_text="初次: nobody had found it to be a repeat before it was sent on or its first limit ran out"),
                ),
                ("is_group", models.BooleanField(help_text="5 or more visitors (L-CLS-34)")),
                ("is_level_skip", models.BooleanField(help_text="the visit was made to a higher level (L-CLS-33)")),
                ("is_litigation", models.BooleanField()),
                ("forward_unit_id", models.BigIntegerField(null=True)),
                ("forward_due_on", models.DateField(null=True)),
                ("forwarded_on", models.DateField(null=True)),
                ("accept_unit_id", models.BigIntegerField(null=True)),
                ("accept_due_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("reply_unit_id", models.BigIntegerField(null=True)),
                ("reply_due_on", models.DateField(null=True)),
                ("replied_on", models.DateField(null=True)),
                ("delivered_on", models.DateField(null=True)),
                ("is_rateable", models.BooleanField()),
                ("office_rating", models.CharField(blank=True, max_length=1)),
                ("unit_rating", models.CharField(blank=True, max_length=1)),
                ("reopened", models.IntegerField()),
                ("is_once", models.BooleanField(help_text="ended in one round: not reopened, not revoked, nobody came again, not rated 不满意")),
                ("sent_on", models.DateField(null=True)),
                ("signed_on", models.DateField(null=True)),
                ("returned", models.BooleanField(help_text="a unit it was sent to gave it back rightly")),
                ("sent_unit_id", models.BigIntegerField(help_text="who sent it first, rightly or wrongly", null=True)),
                ("sign_unit_id", models.BigIntegerField(help_text="to whom it went first", null=True)),
                ("supervised_on", models.DateField(null=True)),
                ("card_level", models.IntegerField(null=True)),
                ("card_on", models.DateField(null=True)),
                ("urged", models.IntegerField()),
                ("accompanied_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("warn_on", models.DateField(null=True)),
                ("level", models.IntegerField(help_text="step of the ladder, disputes only")),
                ("result", models.CharField(blank=True, max_length=1)),
                ("is_prevented", models.BooleanField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name="+", serialize=False, to="casework.case"
                    ),
                ),
                ("stood_from", models.DateField()),
                ("stood_until", models.DateField(null=True)),
            ],
            options={
                "db_table": "reports_stoodfact",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="FrozenPast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_id", models.BigIntegerField()),
                ("handler_id", models.BigIntegerField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("forward_unit_id", models.BigIntegerField(null=True)),
                ("forward_due_on", models.DateField(null=True)),
                ("forwarded_on", models.DateField(null=True)),
                ("accept_unit_id", models.BigIntegerField(null=True)),
                ("accept_due_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("reply_unit_id", models.BigIntegerField(null=True)),
                ("reply_due_on", models.DateField(null=True)),
                ("replied_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("warn_on", models.DateField(null=True)),
                ("level", models.IntegerField()),
                ("stood_from", models.DateField()),
                ("stood_until", models.DateField(help_text="first day on which it stood no more")),
                ("case_id", models.BigIntegerField()),
                ("closing", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.closing")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("closing", "case_id", "stood_from"), name="frozen_past_once")],
            },
        ),
        migrations.CreateModel(
            name="FrozenStood",
            fields=[
                ("kind", models.CharField(max_length=16)),
                ("is_counted", models.BooleanField(help_text="False: registered in error")),
                ("confidential", models.BooleanField()),
                ("town_code", models.CharField(blank=True, max_length=9)),
                ("area_id", models.BigIntegerField(null=True)),
                ("topic_code", models.CharField(max_length=6)),
                ("channel", models.CharField(max_length=3)),
                (
                    "form",
                    models.CharField(blank=True, help_text="国家统计口径 of the channel: 100 来信 200 来访 300 网信 400 来电 600 其他", max_length=3),
                ),
                ("source", models.CharField(blank=True, max_length=1)),
                ("purpose", models.CharField(blank=True, max_length=2)),
                ("unit_id", models.BigIntegerField(help_text="who holds it now")),
                ("registered_unit_id", models.BigIntegerField()),
                ("handler_id", models.BigIntegerField(null=True)),
                ("headcount", models.IntegerField()),
                ("heads", models.IntegerField(help_text="people, 0 for a second registration of the same visit (L-CLS-31)")),
                ("registered_on", models.DateField()),
                ("received_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("days", models.IntegerField(help_text="calendar days from receipt to the end", null=True)),
                ("is_repeat", models.BooleanField()),
                (
                    "is_first",
                    models.BooleanField(help_text="初次: nobody had found it to be a repeat before it was sent on or its first limit ran out"),
                ),
                ("is_group", models.BooleanField(help_text="5 or more visitors (L-CLS-34)")),
                ("is_level_skip", models.BooleanField(help_text="the visit was made to a higher level (L-CLS-33)")),
                ("is_litigation", models.BooleanField()),
                ("forward_unit_id", models.BigIntegerField(null=True)),
                ("forward_due_on", models.DateField(null=True)),
                ("forwarded_on", models.DateField(null=True)),
                ("accept_unit_id", models.BigIntegerField(null=True)),
                ("accept_due_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("reply_unit_id", models.BigIntegerField(null=True)),
                ("reply_due_on", models.DateField(null=True)),
                ("replied_on", models.DateField(null=True)),
                ("delivered_on", models.DateField(null=True)),
                ("is_rateable", models.BooleanField()),
                ("office_rating", models.CharField(blank=True, max_length=1)),
                ("unit_rating", models.CharField(blank=True, max_length=1)),
                ("reopened", models.IntegerField()),
                ("is_once", models.BooleanField(help_text="ended in one round: not reopened, not revoked, nobody came again, not rated 不满意")),
                ("sent_on", models.DateField(null=True)),
                ("signed_on", models.DateField(null=True)),
                ("returned", models.BooleanField(help_text="a unit it was sent to gave it back rightly")),
                ("sent_unit_id", models.BigIntegerField(help_text="who sent it first, rightly or wrongly", null=True)),
                ("sign_unit_id", models.BigIntegerField(help_text="to whom it went first", null=True)),
                ("supervised_on", models.DateField(null=True)),
                ("card_level", models.IntegerField(null=True)),
                ("card_on", models.DateField(null=True)),
                ("urged", models.IntegerField()),
                ("accompanied_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("warn_on", models.DateField(null=True)),
                ("level", models.IntegerField(help_text="step of the ladder, disputes only")),
                ("result", models.CharField(blank=True, max_length=1)),
                ("is_prevented", models.BooleanField()),
                ("case_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stood_from", models.DateField()),
                ("stood_until", models.DateField(null=True)),
            ],
            options={
                "db_table": "reports_frozenstood",
                "managed": False,
            },
        ),
        migrations.RunSQL(VIEW, "DROP VIEW reports_stoodfact"),
        migrations.RunSQL(FROZEN, FROZEN_AS_BEFORE),
        migrations.RunSQL(NOTE, NOTE_AS_BEFORE),
    ]
