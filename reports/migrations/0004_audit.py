from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0003_months")]

    operations: ClassVar = []
