from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0018_provisional_cases_say_so")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="withdrawn_at",
            field=models.DateTimeField(help_text="void: the act that issued it was taken back; the number stays", null=True),
        ),
    ]
