from typing import ClassVar

from django.db import migrations


def follow_the_table(apps, schema_editor):
    """A county in service: the three days of the simple way become an option nobody is late with; suggestions may be lengthened as the rest.

    Only what still stands as it was shipped; a term the county set itself is left alone.
    """
    limits = apps.get_model("casework", "Limit").objects.using(schema_editor.connection.alias)
    limits.filter(key="pet.simple_accept", is_duty=True).update(is_duty=False)
    limits.filter(key="pet.simple_accept", warn_days=[1, 0]).update(warn_days=[])
    limits.filter(key="pet.suggest", max_extension=None, is_verified=False).update(max_extension=30)


class Migration(migrations.Migration):
    """Backwards nothing is put back: no earlier program started the limit of the simple way."""

    dependencies: ClassVar = [
        ("casework", "0023_second_readings_of_names"),
    ]

    operations: ClassVar = [
        migrations.RunPython(follow_the_table, migrations.RunPython.noop),
    ]
