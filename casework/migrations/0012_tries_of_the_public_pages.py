from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0011_running_limits_get_their_next_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("since", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
        ),
    ]
