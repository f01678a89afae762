"""Two-character Chinese search: a GIN index over the bigrams of a text and its readers (stack.md §5)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION bigrams(s text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(s), i, 2)), '{}')
      FROM generate_series(1, greatest(length(s) - 1, 1)) i
$$;
CREATE INDEX search_bigrams ON casework_searchtext USING gin (bigrams(text), readers);
"""
BACKWARD = "DROP INDEX search_bigrams; DROP FUNCTION bigrams(text);"


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_reach_follows_case")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
