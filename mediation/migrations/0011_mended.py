from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mediation", "0010_figures")]

    operations = []
