from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0031_mended")]
    operations: list = []
