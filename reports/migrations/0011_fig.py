"""Whom a card, an urging, a supervision was given to, and which bodies took a dispute up: handing on takes nothing away (issue 5 §1)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# ruff: noqa: S608 (columns of our own, put together once)

#: Columns of a fact that have no past, and those that have one (reports.models.facts.StoodColumns).
_ALWAYS = (
    *("kind", "is_counted", "confidential", "town_code", "area_id", "topic_code", "channel", "form", "source", "purpose", "registered_unit_id"),
    *("headcount", "heads", "registered_on", "received_on", "days", "is_repeat", "is_first", "is_group", "is_level_skip", "is_litigation"),
    *("delivered_on", "is_rateable", "office_rating", "unit_rating", "reopened", "is_once", "sent_on", "signed_on", "returned", "sent_unit_id"),
    *("sign_unit_id", "supervised_on", "card_level", "card_on", "urged", "accompanied_on", "result", "is_prevented"),
)
_GIVEN = (
    *("yellow_on", "yellow_unit_ids", "red_on", "red_unit_ids", "urged_on", "urged_unit_ids", "supervised_unit_ids"),
    *("carried_unit_ids", "carried_steps", "settled_unit_id", "term_step"),
)
_STOOD = (
    *("unit_id", "handler_id", "closed_on", "outcome", "forward_unit_id", "forward_due_on", "forwarded_on", "accept_unit_id", "accept_due_on"),
    *("accepted_on", "reply_unit_id", "reply_due_on", "replied_on", "due_on", "warn_on", "level"),
)


def _views(always: tuple[str, ...]) -> str:
    """Facts with their past, live ones and frozen ones, with these columns of no past."""
    mine = ", ".join(f"f.{column}" for column in always)
    now, then = (", ".join(f"{row}.{column}" for column in _STOOD) for row in "fp")
    return f"""
DROP VIEW reports_stoodfact; DROP VIEW reports_frozenstood;
CREATE VIEW reports_stoodfact AS
SELECT f.case_id, {mine}, {now}, f.stood_from, NULL::date AS stood_until FROM reports_fact f
UNION ALL
SELECT f.case_id, {mine}, {then}, p.stood_from, p.stood_until FROM reports_pastfact p JOIN reports_fact f ON f.case_id = p.case_id;
CREATE VIEW reports_frozenstood AS
SELECT f.closing_id, f.case_id, {mine}, {now},
       coalesce((SELECT max(p.stood_until) FROM reports_frozenpast p WHERE p.closing_id = f.closing_id AND p.case_id = f.case_id),
                DATE '2000-01-01') AS stood_from, NULL::date AS stood_until
  FROM reports_frozenfact f
UNION ALL
SELECT f.closing_id, f.case_id, {mine}, {then}, p.stood_from, p.stood_until
  FROM reports_frozenpast p JOIN reports_frozenfact f ON f.closing_id = p.closing_id AND f.case_id = p.case_id;
"""


#: Of all others the new columns are empty: their facts stay as they are.
TOUCHED = """
INSERT INTO reports_stale (case_id)
SELECT c.id FROM casework_case c
 WHERE c.kind = 'dispute' OR c.urged > 0 OR EXISTS (SELECT FROM casework_card k WHERE k.case_id = c.id)
    OR EXISTS (SELECT FROM reports_fact f WHERE f.case_id = c.id AND f.supervised_on IS NOT NULL)
 ORDER BY c.id
"""


def _columns(model: str) -> list[migrations.AddField]:
    several = {"yellow_unit_ids", "red_unit_ids", "urged_unit_ids", "supervised_unit_ids", "carried_unit_ids"}
    words = {
        "yellow_on": "of the first one; to whom, whoever holds the matter now",
        "carried_unit_ids": "every body that took the dispute up, also one that handed it on",
        "carried_steps": "their steps of the ladder",
        "settled_unit_id": "the body that reached the agreement",
        "term_step": "step of the ladder whose month counts, disputes only",
    }
    made = []
    for name in _GIVEN:
        told = {"help_text": words[name]} if name in words else {}
        field: models.Field
        if name in several:
            field = ArrayField(models.BigIntegerField(), db_default=[], **told)
        elif name == "carried_steps":
            field = ArrayField(models.IntegerField(), db_default=[], **told)
        elif name == "settled_unit_id":
            field = models.BigIntegerField(null=True, **told)
        elif name == "term_step":
            field = models.IntegerField(null=True, **told)
        else:
            field = models.DateField(null=True, **told)
        made.append(migrations.AddField(model, name, field))
    return made


def _index(what: str) -> migrations.AddIndex:
    column = f"{what}_on"
    return migrations.AddIndex("fact", models.Index(fields=[column], name=f"fact_{what}", condition=models.Q(**{f"{column}__isnull": False})))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0010_fig")]

    operations: ClassVar = [
        *_columns("fact"),
        *_columns("frozenfact"),
        *_columns("stoodfact"),
        *_columns("frozenstood"),
        *(_index(what) for what in ("yellow", "red", "urged", "supervised")),
        migrations.RunSQL(_views((*_ALWAYS, *_GIVEN)), _views(_ALWAYS)),
        migrations.RunSQL(TOUCHED, migrations.RunSQL.noop),
    ]
