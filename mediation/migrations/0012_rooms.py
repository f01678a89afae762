from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mediation", "0011_mended")]
    operations: list = []
