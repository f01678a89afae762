from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """A limit «as set» keeps the date it was given, so that extension and suspension count from it.

    Until now nothing moved a due date, so the due date is that date. Backwards the column goes with its migration.
    """

    dependencies: ClassVar = [
        ("casework", "0015_calendar_and_limits_keep_their_past"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            "UPDATE casework_deadline d SET given_on = d.due_on FROM casework_limit l "
            "WHERE l.id = d.limit_id AND (l.unit = 'as_set' OR l.n IS NULL) AND d.given_on IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
