"""Search looks at the newest cases first: the index of words tells the shelf of 8,192 cases a text lies on (casework/queries/search.py).

A word which eight of a hundred cases hold stood in the index as one list of the whole county, read to its end for the newest thousand
of them. The shelf is a short list of its own, and the index goes through the long one only where the short one has something.
"""

from typing import ClassVar

from django.db import migrations

_ON = "CREATE INDEX search_bigrams ON casework_searchtext USING gin"
_WITH = "WITH (gin_pending_list_limit = 16384)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0036_words")]
    operations: ClassVar = [
        migrations.RunSQL("DROP INDEX search_bigrams", f"{_ON} (bigrams(text), readers) {_WITH}"),
        migrations.RunSQL(f"{_ON} (bigrams(text), readers, (ARRAY[(case_id >> 13)::int])) {_WITH}", "DROP INDEX search_bigrams"),
    ]
