"""Reach carries every column a list filters by, in two covering indexes; the state and unit indexes of open rows go."""

import django.contrib.postgres.fields
from django.db import migrations, models

CARRIED = ["unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"]

FORWARD = """
CREATE OR REPLACE FUNCTION reach_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT c.closed_at IS NULL, c.state, coalesce(c.due_on, '9999-12-31'), coalesce(c.warn_on, '9999-12-31'),
           c.opened_at, c.unit_id, c.handler_id, c.area_id, c.town_code, c.topic_code, c.urgency, c.marks
      INTO NEW.is_open, NEW.state, NEW.due_on, NEW.warn_on, NEW.opened_at, NEW.unit_id, NEW.handler_id,
           NEW.area_id, NEW.town_code, NEW.topic_code, NEW.urgency, NEW.marks
      FROM casework_case c WHERE c.id = NEW.case_id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION reach_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_reach
       SET is_open = NEW.closed_at IS NULL, state = NEW.state, due_on = coalesce(NEW.due_on, '9999-12-31'),
           warn_on = coalesce(NEW.warn_on, '9999-12-31'), unit_id = NEW.unit_id, handler_id = NEW.handler_id,
           area_id = NEW.area_id, town_code = NEW.town_code, topic_code = NEW.topic_code, urgency = NEW.urgency, marks = NEW.marks
     WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
DROP TRIGGER reach_follow ON casework_case;
CREATE TRIGGER reach_follow AFTER UPDATE ON casework_case FOR EACH ROW
    WHEN ((OLD.closed_at, OLD.state, OLD.due_on, OLD.warn_on, OLD.unit_id, OLD.handler_id, OLD.area_id, OLD.town_code, OLD.topic_code,
           OLD.urgency, OLD.marks)
          IS DISTINCT FROM
          (NEW.closed_at, NEW.state, NEW.due_on, NEW.warn_on, NEW.unit_id, NEW.handler_id, NEW.area_id, NEW.town_code, NEW.topic_code,
           NEW.urgency, NEW.marks))
    EXECUTE FUNCTION reach_follow();

UPDATE casework_reach r SET area_id = c.area_id, urgency = c.urgency, marks = c.marks FROM casework_case c WHERE c.id = r.case_id;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION reach_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT c.closed_at IS NULL, c.state, coalesce(c.due_on, '9999-12-31'), coalesce(c.warn_on, '9999-12-31'),
           c.opened_at, c.unit_id, c.handler_id, c.town_code, c.topic_code
      INTO NEW.is_open, NEW.state, NEW.due_on, NEW.warn_on, NEW.opened_at, NEW.unit_id, NEW.handler_id,
           NEW.town_code, NEW.topic_code
      FROM casework_case c WHERE c.id = NEW.case_id;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION reach_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_reach
       SET is_open = NEW.closed_at IS NULL, state = NEW.state, due_on = coalesce(NEW.due_on, '9999-12-31'),
           warn_on = coalesce(NEW.warn_on, '9999-12-31'), unit_id = NEW.unit_id, handler_id = NEW.handler_id,
           town_code = NEW.town_code, topic_code = NEW.topic_code
     WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_search_by_bigrams")]
    operations = [
        migrations.AddField("reach", "area_id", models.BigIntegerField(null=True)),
        migrations.AddField("reach", "urgency", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "reach",
            "marks",
            django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveIndex("reach", "reach_open_due"),
        migrations.RemoveIndex("reach", "reach_open_state"),
        migrations.RemoveIndex("reach", "reach_open_unit"),
        migrations.RemoveIndex("reach", "reach_opened"),
        migrations.RemoveIndex("reach", "reach_state_opened"),
        migrations.AddIndex(
            "reach",
            models.Index(
                condition=models.Q(is_open=True),
                fields=["reader", "due_on", "case"],
                include=["warn_on", "opened_at", "state", *CARRIED],
                name="reach_open_due",
            ),
        ),
        migrations.AddIndex(
            "reach",
            models.Index(
                fields=["reader", "-opened_at", "-case"],
                include=["is_open", "due_on", "state", *CARRIED],
                name="reach_opened",
            ),
        ),
    ]
