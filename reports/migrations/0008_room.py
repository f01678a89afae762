"""Which window wrote a working paper last; small indexes for the doubts that ask a large table of a kind.

The indexes are partial: a row costs nothing unless it is one an auditor asks about.
"""

from typing import ClassVar

from django.db import migrations, models

FORWARD = """
DROP INDEX reply_own_approval;
CREATE INDEX reply_own_approval ON petitions_reply (approved_at) WHERE prepared_by_id = approved_by_id AND prepared_at <> approved_at;
CREATE INDEX reply_unproven ON petitions_reply (delivered_on) WHERE proof = '' AND delivered_on IS NOT NULL;
CREATE INDEX review_unproven ON petitions_review (delivered_on) WHERE proof = '' AND delivered_on IS NOT NULL;
CREATE INDEX deadline_extended ON casework_deadlineevent (at) WHERE kind = 'extended';
CREATE INDEX performance_unproven ON mediation_performance ("on") WHERE proof = '' AND attachment_id IS NULL;
"""
BACKWARD = """
DROP INDEX performance_unproven, deadline_extended, review_unproven, reply_unproven, reply_own_approval;
CREATE INDEX reply_own_approval ON petitions_reply (approved_at) WHERE prepared_by_id = approved_by_id;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0007_sealed"), ("petitions", "0009_front"), ("mediation", "0012_rooms"), ("casework", "0032_legal_aid")]

    operations: ClassVar = [
        migrations.AddField(
            "workingpaper",
            "desk",
            models.CharField(
                blank=True, default="", help_text="the window that wrote last, so that a second one overwrites nothing unseen", max_length=16
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
