from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0007_used_efforts_are_tries")]

    operations: ClassVar = []
