from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0029_terms")]
    operations: list = []
