"""The series of a paper's number is what is printed before it. Each goes on from the last number that any paper bears."""

from django.db import migrations

CARRY_ON = """
DELETE FROM casework_counter WHERE series LIKE 'paper:%';
INSERT INTO casework_counter (series, value)
SELECT 'paper:' || substring(number FROM '^(.+〔[0-9]{4}〕)[0-9]+号$'), max(substring(number FROM '〕([0-9]+)号$')::int)
FROM casework_document WHERE number ~ '^.+〔[0-9]{4}〕[0-9]+号$' GROUP BY 1;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0038_useless_after")]

    operations = [migrations.RunSQL(CARRY_ON, migrations.RunSQL.noop, elidable=True)]
