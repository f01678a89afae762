from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0026_limits_of_disputes")]

    operations: ClassVar = []
