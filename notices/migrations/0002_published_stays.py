from django.db import migrations

from trail.guards import AppendOnly, TenantParent, TenantReference

# I-21. VC021 is the site's own SQLSTATE for a change of what a notice stands for.
NOTICE_STANDS = """
CREATE FUNCTION vc_guard.notice_begins() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.state <> 'draft' OR NEW.label_version <> 0 THEN
    RAISE EXCEPTION 'a notice begins as a draft' USING ERRCODE = 'VC021';
  END IF;
  IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM public.notices_notice corrected
    WHERE corrected.village_id = NEW.village_id AND corrected.id = NEW.corrects_id
      AND corrected.kind = NEW.kind AND corrected.month IS NOT DISTINCT FROM NEW.month
      AND corrected.state = 'published'
  ) THEN
    RAISE EXCEPTION 'a notice corrects a published one of its village, kind and month'
      USING ERRCODE = 'VC021';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION vc_guard.notice_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.village_id, NEW.kind, NEW.number, NEW.month, NEW.title, NEW.corrects_id,
      NEW.created_at)
    IS DISTINCT FROM
     (OLD.id, OLD.village_id, OLD.kind, OLD.number, OLD.month, OLD.title, OLD.corrects_id,
      OLD.created_at) THEN
    RAISE EXCEPTION 'the facts of notice % are fixed', OLD.id USING ERRCODE = 'VC021';
  END IF;
  IF NEW.state = OLD.state THEN
    IF (NEW.publish_on, NEW.until_on, NEW.published_at)
      IS DISTINCT FROM (OLD.publish_on, OLD.until_on, OLD.published_at)
      OR NEW.label_version < OLD.label_version
      OR (NEW.label_version > OLD.label_version AND OLD.state <> 'published') THEN
      RAISE EXCEPTION 'the period of notice % is fixed', OLD.id USING ERRCODE = 'VC021';
    END IF;
  ELSIF OLD.state = 'approved' AND NEW.state = 'published' THEN
    -- A late start moves the period on and never makes it shorter.
    IF NEW.publish_on < OLD.publish_on
      OR NEW.until_on - NEW.publish_on < OLD.until_on - OLD.publish_on THEN
      RAISE EXCEPTION 'the period of notice % may not shrink', OLD.id USING ERRCODE = 'VC021';
    END IF;
  ELSIF NOT (OLD.state = 'draft' AND NEW.state = 'approved') THEN
    RAISE EXCEPTION 'notice % does not go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'VC021';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER notices_notice_begins BEFORE INSERT ON public.notices_notice
  FOR EACH ROW EXECUTE FUNCTION vc_guard.notice_begins();
CREATE TRIGGER notices_notice_stands BEFORE UPDATE ON public.notices_notice
  FOR EACH ROW EXECUTE FUNCTION vc_guard.notice_stands();
CREATE TRIGGER notices_notice_remains BEFORE DELETE OR TRUNCATE ON public.notices_notice
  FOR EACH STATEMENT EXECUTE FUNCTION vc_guard.refuse_change();
ALTER TABLE public.notices_notice ENABLE ALWAYS TRIGGER notices_notice_begins;
ALTER TABLE public.notices_notice ENABLE ALWAYS TRIGGER notices_notice_stands;
ALTER TABLE public.notices_notice ENABLE ALWAYS TRIGGER notices_notice_remains;
"""
NOTICE_MAY_CHANGE = """
DROP TRIGGER notices_notice_remains ON public.notices_notice;
DROP TRIGGER notices_notice_stands ON public.notices_notice;
DROP TRIGGER notices_notice_begins ON public.notices_notice;
DROP FUNCTION vc_guard.notice_stands();
DROP FUNCTION vc_guard.notice_begins();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0001_audit_event"),
        ("notices", "0001_notices_bodies_and_labels"),
    ]

    operations = [
        TenantParent("notice"),
        TenantReference("notice", "corrects"),
        TenantReference("noticelabel", "notice"),
        AppendOnly("noticebody"),
        migrations.RunSQL(NOTICE_STANDS, NOTICE_MAY_CHANGE),
    ]
