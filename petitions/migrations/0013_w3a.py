"""Cases urged three times before the leaders had a line for them on their home (issue 3 §3)."""

from typing import ClassVar

from django.db import migrations

MARKED = """
UPDATE casework_case SET marks = marks || ARRAY['urged_often'::varchar]
 WHERE urged >= 3 AND NOT marks @> ARRAY['urged_often'::varchar]
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0012_hearing_hour"), ("casework", "0037_lead")]
    operations: ClassVar = [migrations.RunSQL(MARKED, migrations.RunSQL.noop)]
