"""History and seals take no UPDATE, DELETE or TRUNCATE, whoever asks (ALL-6)."""

from django.db import migrations

TABLES = ("casework_entry", "casework_seal")

FORWARD = "\n".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in TABLES
)
BACKWARD = "\n".join(f"DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_append_only ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("organisations", "0002_access_log_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
