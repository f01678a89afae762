from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0028_exports")]

    operations = []
