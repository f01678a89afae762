"""The list index keeps step by itself: the database copies the sort and filter columns of a case into its readers' rows."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reach_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT c.closed_at IS NULL, c.state, coalesce(c.due_on, '9999-12-31'), coalesce(c.warn_on, '9999-12-31'),
           c.opened_at, c.unit_id, c.handler_id, c.town_code, c.topic_code
      INTO NEW.is_open, NEW.state, NEW.due_on, NEW.warn_on, NEW.opened_at, NEW.unit_id, NEW.handler_id,
           NEW.town_code, NEW.topic_code
      FROM casework_case c WHERE c.id = NEW.case_id;
    RETURN NEW;
END $$;
CREATE TRIGGER reach_fill BEFORE INSERT ON casework_reach FOR EACH ROW EXECUTE FUNCTION reach_fill();

CREATE FUNCTION reach_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_reach
       SET is_open = NEW.closed_at IS NULL, state = NEW.state, due_on = coalesce(NEW.due_on, '9999-12-31'),
           warn_on = coalesce(NEW.warn_on, '9999-12-31'), unit_id = NEW.unit_id, handler_id = NEW.handler_id,
           town_code = NEW.town_code, topic_code = NEW.topic_code
     WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reach_follow AFTER UPDATE ON casework_case FOR EACH ROW
    WHEN ((OLD.closed_at, OLD.state, OLD.due_on, OLD.warn_on, OLD.unit_id, OLD.handler_id, OLD.town_code, OLD.topic_code)
          IS DISTINCT FROM
          (NEW.closed_at, NEW.state, NEW.due_on, NEW.warn_on, NEW.unit_id, NEW.handler_id, NEW.town_code, NEW.topic_code))
    EXECUTE FUNCTION reach_follow();
"""
BACKWARD = """
DROP TRIGGER reach_follow ON casework_case; DROP FUNCTION reach_follow();
DROP TRIGGER reach_fill ON casework_reach; DROP FUNCTION reach_fill();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_history_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
