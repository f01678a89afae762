from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0026_limits_of_disputes")]

    operations = []
