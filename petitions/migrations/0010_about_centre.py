"""That a report is kept from the centre is a fact of its own: the unit complained about stays the one the person named."""

from typing import Any, ClassVar

from django.db import migrations, models


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Until now such a matter had the centre as its unit complained about."""
    held = apps.get_model("petitions", "Petition").objects.filter(case__confidential=True, respondent_unit__kind="centre")
    held.update(is_about_centre=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0009_front")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="petition",
            name="is_about_centre",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="a protected matter kept from the centre's own people (L-PET-86)",
                verbose_name="反映县群众工作中心或其工作人员",
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
