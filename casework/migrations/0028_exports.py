from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0027_speed")]

    operations: ClassVar = []
