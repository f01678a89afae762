from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_kinds_of_notices_have_longer_names")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="subject",
            field=models.CharField(help_text="who brings it, as lists show it", max_length=80, verbose_name="信访人"),
        ),
    ]
