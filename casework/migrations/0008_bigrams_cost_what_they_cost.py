"""The planner learns that cutting a text into pairs is dear: it then takes the GIN index instead of cutting row by row."""

from django.db import migrations

FORWARD = "ALTER FUNCTION bigrams(text) COST 5000"
BACKWARD = "ALTER FUNCTION bigrams(text) COST 100"


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_no_index_without_a_question")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
