"""A proof of effort that was used is one counted try of the brake (casework.throttle); the table of its own goes."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0006_terms_of_handling")]

    operations: ClassVar = [migrations.DeleteModel(name="SpentEffort")]
