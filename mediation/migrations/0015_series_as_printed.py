"""The series of a dossier's number is what is printed before it. Each goes on from the last number that any dossier bears."""

from django.db import migrations

CARRY_ON = """
DELETE FROM casework_counter WHERE series LIKE 'dossier:%';
INSERT INTO casework_counter (series, value)
SELECT 'dossier:' || substring(number FROM '^(.+第)[0-9]+号$'), max(substring(number FROM '第([0-9]+)号$')::int)
FROM mediation_dossier WHERE number ~ '^.+第[0-9]+号$' GROUP BY 1;
"""


class Migration(migrations.Migration):
    dependencies = [("mediation", "0014_full_width_labels"), ("casework", "0039_series_as_printed")]

    operations = [migrations.RunSQL(CARRY_ON, migrations.RunSQL.noop, elidable=True)]
