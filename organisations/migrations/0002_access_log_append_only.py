"""The access log takes no UPDATE, DELETE or TRUNCATE, whoever asks (L-SEC-3 安全审计, ALL-6)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER access_append_only BEFORE UPDATE OR DELETE ON organisations_accessentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON organisations_accessentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER access_no_truncate ON organisations_accessentry;
DROP TRIGGER access_append_only ON organisations_accessentry;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
