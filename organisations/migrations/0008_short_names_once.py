"""No two units in service share a short name: the rooms of villages of one name put the town's before it, as a county would say it."""

from collections import Counter

from django.db import migrations, models
from django.db.models import Q

from organisations import pinyin

LONGEST = 40


def tell_apart(apps, schema_editor):
    Unit = apps.get_model("organisations", "Unit")
    open_units = Unit.objects.filter(active_until=None)
    taken = Counter(open_units.values_list("short_name", flat=True))
    for unit in open_units.filter(short_name__in=[name for name, times in taken.items() if times > 1]).select_related("parent").order_by("path"):
        if taken[unit.short_name] == 1:
            continue  # its namesakes have other names by now
        name = f"{unit.parent.short_name if unit.parent else ''}{unit.short_name}"[:LONGEST]
        number = 1
        while taken[name]:
            number += 1
            name = f"{name[: LONGEST - 4].rstrip('0123456789')}{number}"
        taken[unit.short_name] -= 1
        taken[name] += 1
        unit.short_name, unit.initials = name, pinyin.place_initials(name)
        unit.save(update_fields=["short_name", "initials"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_own_keys")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(condition=Q(active_until=None), fields=("short_name",), name="unit_short_name_once"),
        ),
    ]
