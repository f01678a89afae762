"""New words wait in a list of the index until somebody works them in: the vacuum, early, and not a clerk who registers.

A registration that found the list full took seconds for it. The list may be longer, and the vacuum comes after some thousand cases.
"""

from typing import ClassVar

from django.db import migrations

_OFTEN = "autovacuum_vacuum_insert_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.0005"
_NAMES = "autovacuum_vacuum_insert_threshold, autovacuum_vacuum_insert_scale_factor"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0035_law")]
    operations: ClassVar = [
        migrations.RunSQL(f"ALTER TABLE casework_searchtext SET ({_OFTEN})", f"ALTER TABLE casework_searchtext RESET ({_NAMES})"),
        migrations.RunSQL(
            "ALTER INDEX search_bigrams SET (gin_pending_list_limit = 16384)", "ALTER INDEX search_bigrams RESET (gin_pending_list_limit)"
        ),
    ]
