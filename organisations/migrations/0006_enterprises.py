from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organisations", "0005_sealed_second_factors")]
    operations: list = []
