from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mediation", "0010_figures")]

    operations: ClassVar = []
