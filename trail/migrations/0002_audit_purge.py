from django.db import migrations

# I-30, B-24. VC003 is the site's own SQLSTATE for a purge that would take too much.
#
# The trail stays append-only for every role. One function may delete, and only from its beginning:
# it stops at the first event that is younger than asked, so that an event with a false old date
# goes no earlier than its neighbours. Two triggers hold it there. The one for statements lets pass
# a DELETE that runs as the table's owner and carries the marker of this very transaction, which
# the function sets and takes away again; anyone may set such a marker, but only the owner may
# delete at all. The one for rows refuses every young event, marker or not. Both ask the machine's
# clock: the clock of rehearsals can be moved by whoever runs the session.
PURGE = """
CREATE FUNCTION vc_guard.refuse_audit_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE'
    AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID)
    AND current_setting('villages.purging', true) = pg_current_xact_id()::text
  THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% on %.% is refused: rows are only ever added',
    TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'VC001';
END $$;

CREATE FUNCTION vc_guard.keep_young_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.at < now() - interval '183 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'event % is younger than 183 days and stays', OLD.id USING ERRCODE = 'VC003';
END $$;

CREATE FUNCTION vc_guard.purge_audit(keep_days integer, most integer)
RETURNS TABLE (gone bigint, first_id bigint, last_id bigint, sha256 bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first_young bigint;
BEGIN
  IF keep_days IS NULL OR keep_days < 183 THEN
    RAISE EXCEPTION 'events are kept for at least 183 days, not %', keep_days
      USING ERRCODE = 'VC003';
  END IF;
  SELECT min(e.id) INTO first_young FROM public.trail_auditevent e
    WHERE e.at >= now() - make_interval(days => keep_days);
  PERFORM set_config('villages.purging', pg_current_xact_id()::text, true);
  RETURN QUERY
    WITH old AS (
      SELECT e.id FROM public.trail_auditevent e
      WHERE first_young IS NULL OR e.id < first_young
      ORDER BY e.id LIMIT greatest(most, 0)
    ), taken AS (
      DELETE FROM public.trail_auditevent e USING old WHERE e.id = old.id
      RETURNING e.id AS id, to_jsonb(e)::text AS line
    )
    SELECT count(*), min(t.id), max(t.id),
      sha256(convert_to(coalesce(string_agg(t.line, E'\\n' ORDER BY t.id), ''), 'UTF8'))
    FROM taken t;
  PERFORM set_config('villages.purging', '', true);
END $$;

DROP TRIGGER trail_auditevent_append_only ON public.trail_auditevent;
CREATE TRIGGER trail_auditevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON public.trail_auditevent FOR EACH STATEMENT EXECUTE FUNCTION vc_guard.refuse_audit_change();
ALTER TABLE public.trail_auditevent ENABLE ALWAYS TRIGGER trail_auditevent_append_only;
CREATE TRIGGER trail_auditevent_young_stays BEFORE DELETE
  ON public.trail_auditevent FOR EACH ROW EXECUTE FUNCTION vc_guard.keep_young_event();
ALTER TABLE public.trail_auditevent ENABLE ALWAYS TRIGGER trail_auditevent_young_stays
"""
NO_PURGE = """
DROP TRIGGER trail_auditevent_young_stays ON public.trail_auditevent;
DROP TRIGGER trail_auditevent_append_only ON public.trail_auditevent;
CREATE TRIGGER trail_auditevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON public.trail_auditevent FOR EACH STATEMENT EXECUTE FUNCTION vc_guard.refuse_change();
ALTER TABLE public.trail_auditevent ENABLE ALWAYS TRIGGER trail_auditevent_append_only;
DROP FUNCTION vc_guard.purge_audit(integer, integer);
DROP FUNCTION vc_guard.keep_young_event();
DROP FUNCTION vc_guard.refuse_audit_change()
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_audit_event")]
    operations = [migrations.RunSQL(PURGE, NO_PURGE)]
