from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_room")]
    operations: list = []
