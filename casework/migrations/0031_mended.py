"""Readers of a case that is being opened bring their columns with them: the case itself is written in the same statement."""

from typing import ClassVar

from django.db import migrations, models

_ALWAYS = """
DROP TRIGGER reach_fill ON casework_reach;
CREATE TRIGGER reach_fill BEFORE INSERT ON casework_reach FOR EACH ROW EXECUTE FUNCTION reach_fill();
"""
_WHEN_EMPTY = """
DROP TRIGGER reach_fill ON casework_reach;
CREATE TRIGGER reach_fill BEFORE INSERT ON casework_reach FOR EACH ROW WHEN (NEW.opened_at IS NULL) EXECUTE FUNCTION reach_fill();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0029_terms")]
    operations: ClassVar = [
        migrations.RunSQL(_WHEN_EMPTY, _ALWAYS),
        migrations.RemoveIndex("party", "party_name"),
        migrations.AddIndex("party", models.Index(fields=["name"], opclasses=["text_pattern_ops"], include=["case"], name="party_name")),
        migrations.AddIndex(
            "reach",
            models.Index(
                fields=["reader", "due_on", "case"],
                include=["warn_on", "opened_at", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_own_due",
                condition=models.Q(is_open=True, topic_code__gte="A"),
            ),
        ),
        migrations.AddIndex(
            "reach",
            models.Index(
                fields=["reader", "-opened_at", "-case"],
                include=["is_open", "due_on", "warn_on", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_own_opened",
                condition=models.Q(topic_code__gte="A"),
            ),
        ),
    ]
