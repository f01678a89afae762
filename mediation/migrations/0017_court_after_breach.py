"""A matter before the court desk keeps where it came from: till now that was always mediation, from now on a broken agreement too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mediation", "0016_where_it_stood")]

    operations = [
        migrations.AddField(
            model_name="courtmatter",
            name="from_state",
            field=models.CharField(
                "移送前的状态",
                max_length=24,
                default="dispute_mediating",
                help_text="a broken agreement the court does not take is still broken",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="agreement",
            name="replaced_on",
            field=models.DateField("另行处理日期", null=True, help_text="mediated again or dealt with in court: this one no longer stands"),
        ),
    ]
