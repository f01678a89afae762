from datetime import timedelta
from typing import ClassVar

from django.db import migrations

KEY = "pet.follow_up"


def give_follow_ups_their_limit(apps, schema_editor):
    """Open follow-ups of a county in service get the row they would have had: due as given, reminded from three days before."""
    alias = schema_editor.connection.alias
    limit = apps.get_model("casework", "Limit").objects.using(alias).filter(key=KEY).first()
    follow_ups = apps.get_model("petitions", "FollowUp").objects.using(alias).filter(done_on=None)
    if limit is None:
        return
    deadlines = apps.get_model("casework", "Deadline").objects.using(alias)
    deadlines.bulk_create(
        deadlines.model(
            case_id=row.petition_id,
            key=KEY,
            name=limit.name,
            limit=limit,
            unit_id=row.unit_id,
            item=row.pk,
            base_on=row.at.date(),
            base_event="交办帮扶任务",
            given_on=row.due_on,
            due_on=row.due_on,
            warn_on=row.due_on - timedelta(days=3),
            remind_on=row.due_on - timedelta(days=3),
            card_on=row.due_on + timedelta(days=1),
        )
        for row in follow_ups.iterator()
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0007_used_efforts_are_tries"), ("casework", "0029_terms")]

    operations: ClassVar = [
        migrations.RunPython(give_follow_ups_their_limit, migrations.RunPython.noop),
    ]
