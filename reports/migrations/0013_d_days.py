"""Each unit that was given a card, an urging, a supervision, or took a dispute up, has a day of its own (issue 5 §1)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

# ruff: noqa: S608 (columns of our own, put together once)

#: Columns of a fact that have no past, and those that have one (reports.models.facts.StoodColumns).
_ALWAYS = (
    *("kind", "is_counted", "confidential", "town_code", "area_id", "topic_code", "channel", "form", "source", "purpose", "registered_unit_id"),
    *("headcount", "heads", "registered_on", "received_on", "days", "is_repeat", "is_first", "is_group", "is_level_skip", "is_litigation"),
    *("delivered_on", "is_rateable", "office_rating", "unit_rating", "reopened", "is_once", "sent_on", "signed_on", "returned", "sent_unit_id"),
    *("sign_unit_id", "supervised_on", "card_level", "card_on", "urged", "accompanied_on", "result", "is_prevented"),
    *("yellow_on", "yellow_unit_ids", "red_on", "red_unit_ids", "urged_on", "urged_unit_ids", "supervised_unit_ids"),
    *("carried_unit_ids", "carried_steps", "settled_unit_id", "term_step"),
)
_DAYS = ("yellow_unit_days", "red_unit_days", "urged_unit_days", "supervised_unit_days", "carried_unit_days", "carried_step_days")
_WORDS = {
    "yellow_unit_days": "of each of those units its own first day, in their order",
    "carried_unit_days": "when each body took the dispute up; the first one with the acceptance",
}
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
SELECT f.case_id FROM reports_fact f
 WHERE f.kind = 'dispute' OR f.yellow_on IS NOT NULL OR f.red_on IS NOT NULL OR f.urged_on IS NOT NULL OR f.supervised_on IS NOT NULL
 ORDER BY f.case_id
"""


def _columns(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(model, name, ArrayField(models.DateField(), db_default=[], **({"help_text": _WORDS[name]} if name in _WORDS else {})))
        for name in _DAYS
    ]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0012_fig2")]

    operations: ClassVar = [
        *_columns("fact"),
        *_columns("frozenfact"),
        *_columns("stoodfact"),
        *_columns("frozenstood"),
        migrations.AddIndex(
            "fact",
            models.Index(
                fields=["accepted_on"],
                name="fact_handed_on",
                condition=Q(carried_unit_days__1__isnull=False) | Q(carried_step_days__1__isnull=False),
            ),
        ),
        migrations.RunSQL(_views((*_ALWAYS, *_DAYS)), _views(_ALWAYS)),
        migrations.RunSQL(TOUCHED, migrations.RunSQL.noop),
    ]
