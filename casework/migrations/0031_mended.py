from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0030_front")]
    operations: list = []
