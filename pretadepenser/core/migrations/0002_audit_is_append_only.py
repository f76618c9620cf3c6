"""The journal refuses UPDATE, DELETE and TRUNCATE in the database itself, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION core_auditevent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit journal is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER core_auditevent_append_only
    BEFORE UPDATE OR DELETE ON core_auditevent FOR EACH STATEMENT EXECUTE FUNCTION core_auditevent_refuse_change();
-- Apart, because a test database must be able to empty its tables and drops this one.
CREATE TRIGGER core_auditevent_never_emptied
    BEFORE TRUNCATE ON core_auditevent FOR EACH STATEMENT EXECUTE FUNCTION core_auditevent_refuse_change();
"""
BACKWARDS = """
DROP TRIGGER core_auditevent_never_emptied ON core_auditevent;
DROP TRIGGER core_auditevent_append_only ON core_auditevent;
DROP FUNCTION core_auditevent_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
