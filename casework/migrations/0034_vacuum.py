"""Lists and counts are read from the indexes of `Reach` alone, which holds only for pages the vacuum has marked as seen by all.

By PostgreSQL's own settings it comes after a fifth of the table has changed: for five million rows a year of work, and what
runs this month, which everybody's counts go through, is never marked. Here it comes after one in two hundred.
"""

from typing import ClassVar

from django.db import migrations

_OFTEN = "autovacuum_vacuum_insert_scale_factor = 0.005, autovacuum_vacuum_scale_factor = 0.005, autovacuum_analyze_scale_factor = 0.02"
_NAMES = "autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0033_indexes")]
    operations: ClassVar = [
        migrations.RunSQL(f"ALTER TABLE {table} SET ({_OFTEN})", f"ALTER TABLE {table} RESET ({_NAMES})")
        for table in ("casework_reach", "casework_case")
    ]
