"""An offer keeps where the dispute stood, so that one nobody takes leaves it there.

Only a leap could be made before the body had tried: what was never accepted waited for that; for the rest the ladder's word, «未调成», stays.
"""

from django.db import migrations, models

WHERE_IT_STOOD = """
UPDATE mediation_handover h SET from_state = CASE WHEN h.urgency <> '' AND d.accepted_on IS NULL THEN 'dispute_applied' ELSE 'dispute_failed' END
FROM mediation_dispute d WHERE d.case_id = h.dispute_id
"""


class Migration(migrations.Migration):
    dependencies = [("mediation", "0015_series_as_printed")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="from_state",
            field=models.CharField("移交前的状态", max_length=24, default="", help_text="where the dispute stands again if nobody takes it"),
            preserve_default=False,
        ),
        migrations.RunSQL(WHERE_IT_STOOD, migrations.RunSQL.noop),
    ]
