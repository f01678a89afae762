"""Readers of a case that is being opened bring their columns with them: the case itself is written in the same statement.

Nothing else stands here: while a trigger is changed nobody reads the table. Its indexes are in 0033, built beside the work.
"""

from typing import ClassVar

from django.db import migrations

_ALWAYS = """
DROP TRIGGER reach_fill ON casework_reach;
CREATE TRIGGER reach_fill BEFORE INSERT ON casework_reach FOR EACH ROW EXECUTE FUNCTION reach_fill();
"""
_WHEN_EMPTY = """
DROP TRIGGER reach_fill ON casework_reach;
CREATE TRIGGER reach_fill BEFORE INSERT ON casework_reach FOR EACH ROW WHEN (NEW.opened_at IS NULL) EXECUTE FUNCTION reach_fill();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0029_terms")]
    operations: ClassVar = [migrations.RunSQL(_WHEN_EMPTY, _ALWAYS)]
