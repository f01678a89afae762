from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """A case whose nearest due date is provisional says so on its row, as `deadlines.settle` does from now on.

    Backwards there is nothing to do: the mark is unknown to older programs and goes with the next act.
    """

    dependencies: ClassVar = [
        ("casework", "0017_text_use"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            "UPDATE casework_case c SET marks = c.marks || ARRAY['provisional']::varchar[] FROM casework_deadline d "
            "WHERE d.case_id = c.id AND d.met_on IS NULL AND d.dropped_on IS NULL AND d.is_duty AND d.is_provisional "
            "AND d.key = c.due_key AND d.due_on = c.due_on AND NOT 'provisional' = ANY(c.marks)",
            migrations.RunSQL.noop,
        ),
    ]
