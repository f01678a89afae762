from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_tries_of_the_public_pages")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="urged",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="how many rows of 催办 the kind holds; lists show «催办×3»", verbose_name="催办次数"
            ),
        ),
    ]
