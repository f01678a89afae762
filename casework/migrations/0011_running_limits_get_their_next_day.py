from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Limits that ran before there were reminders: the sweep looks at each once and sets the true next day itself.

    Backwards there is nothing to do: the columns go with the migrations that made them.
    """

    dependencies: ClassVar = [
        ("casework", "0010_who_is_told_and_by_which_way"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            "UPDATE casework_deadline SET remind_on = CURRENT_DATE, card_on = CASE WHEN is_duty THEN due_on + 1 END "
            "WHERE met_on IS NULL AND dropped_on IS NULL AND remind_on IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
