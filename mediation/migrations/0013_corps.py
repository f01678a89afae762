from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mediation", "0012_rooms")]
    operations: list = []
