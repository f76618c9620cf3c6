"""What was imported and what was measured stays as it was: the database refuses to change it, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION vision_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it is a finished record', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION vision_refuse_late_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT finished_at IS NOT NULL FROM vision_benchmarkrun WHERE id = NEW.run_id) THEN
        RAISE EXCEPTION 'a finished benchmark takes no further result' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER vision_run_immutable BEFORE UPDATE OR DELETE ON vision_benchmarkrun
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION vision_refuse_change();
CREATE TRIGGER vision_result_immutable BEFORE UPDATE OR DELETE ON vision_contenderresult
    FOR EACH ROW EXECUTE FUNCTION vision_refuse_change();
CREATE TRIGGER vision_result_in_time BEFORE INSERT ON vision_contenderresult
    FOR EACH ROW EXECUTE FUNCTION vision_refuse_late_result();
CREATE TRIGGER vision_image_immutable BEFORE UPDATE ON vision_datasetimage
    FOR EACH ROW EXECUTE FUNCTION vision_refuse_change();
CREATE TRIGGER vision_dataset_immutable
    BEFORE UPDATE OF slug, classes, fingerprint, source_rows, problems, is_demo ON vision_imagedataset
    FOR EACH ROW WHEN ((OLD.slug, OLD.classes, OLD.fingerprint, OLD.source_rows, OLD.problems, OLD.is_demo)
        IS DISTINCT FROM (NEW.slug, NEW.classes, NEW.fingerprint, NEW.source_rows, NEW.problems, NEW.is_demo))
    EXECUTE FUNCTION vision_refuse_change();
"""
BACKWARDS = """
DROP TRIGGER vision_dataset_immutable ON vision_imagedataset;
DROP TRIGGER vision_image_immutable ON vision_datasetimage;
DROP TRIGGER vision_result_in_time ON vision_contenderresult;
DROP TRIGGER vision_result_immutable ON vision_contenderresult;
DROP TRIGGER vision_run_immutable ON vision_benchmarkrun;
DROP FUNCTION vision_refuse_late_result();
DROP FUNCTION vision_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("vision", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
