"""Rule books are immutable once submitted and in force only after adoption; months go forward."""

from django.db import migrations

RULES = """
CREATE FUNCTION vc_guard.rulebook_is_guarded() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_order text[] := ARRAY['draft', 'submitted', 'in_force', 'superseded'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'a submitted rule book stays' USING ERRCODE = 'VC201';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a rule book begins as a draft' USING ERRCODE = 'VC201';
    END IF;
    RETURN NEW;
  END IF;
  IF array_position(v_order, NEW.state::text) < array_position(v_order, OLD.state::text)
     OR array_position(v_order, NEW.state::text) > array_position(v_order, OLD.state::text) + 1
  THEN
    RAISE EXCEPTION 'a rule book goes forward, step by step' USING ERRCODE = 'VC201';
  END IF;
  IF OLD.state <> 'draft' AND
     (NEW.village_id, NEW.township_id, NEW.title, NEW.version, NEW.origin, NEW.transcribed_by,
      NEW.transcribed_from)
     IS DISTINCT FROM
     (OLD.village_id, OLD.township_id, OLD.title, OLD.version, OLD.origin, OLD.transcribed_by,
      OLD.transcribed_from)
  THEN
    RAISE EXCEPTION 'a submitted rule book is not changed' USING ERRCODE = 'VC201';
  END IF;
  IF OLD.state IN ('in_force', 'superseded')
     AND (lower(NEW.effective) IS DISTINCT FROM lower(OLD.effective)
          OR (upper(OLD.effective) IS NOT NULL AND NEW.effective IS DISTINCT FROM OLD.effective))
  THEN
    RAISE EXCEPTION 'dates of a rule book in force are not moved' USING ERRCODE = 'VC201';
  END IF;
  IF OLD.state = 'in_force' AND upper(OLD.effective) IS NULL AND EXISTS (
    SELECT 1 FROM public.scoring_entry e
    WHERE e.village_id = NEW.village_id AND e.rulebook_id = NEW.id
      AND e.kind IN ('award', 'deduction') AND e.occurred_on >= upper(NEW.effective))
  THEN
    RAISE EXCEPTION 'a day that was scored keeps its rules' USING ERRCODE = 'VC201';
  END IF;
  IF NEW.state = 'in_force' AND OLD.state <> 'in_force' AND NEW.village_id IS NOT NULL
     AND NEW.origin <> 'transcribed' AND NOT EXISTS (
       SELECT 1 FROM public.scoring_adoption a
       WHERE a.rulebook_id = NEW.id AND a.adopted_on <= lower(NEW.effective)
         AND (a.recorded_at AT TIME ZONE 'Asia/Shanghai')::date <= lower(NEW.effective))
  THEN
    RAISE EXCEPTION 'no adoption on record before the first day' USING ERRCODE = 'VC202';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scoring_rulebook_guarded BEFORE INSERT OR UPDATE OR DELETE
  ON public.scoring_rulebook FOR EACH ROW EXECUTE FUNCTION vc_guard.rulebook_is_guarded();
ALTER TABLE public.scoring_rulebook ENABLE ALWAYS TRIGGER scoring_rulebook_guarded;

CREATE FUNCTION vc_guard.rulebook_part_is_guarded() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The books are locked, so that no line slips in while one is being submitted.
  IF (SELECT bool_or(locked.state <> 'draft') FROM (
        SELECT b.state FROM public.scoring_rulebook b
        WHERE b.id IN (
          CASE WHEN TG_OP <> 'INSERT' THEN OLD.rulebook_id END,
          CASE WHEN TG_OP <> 'DELETE' THEN NEW.rulebook_id END)
        ORDER BY b.id FOR SHARE) locked)
  THEN
    RAISE EXCEPTION 'lines of a submitted rule book are not changed' USING ERRCODE = 'VC201';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER scoring_category_guarded BEFORE INSERT OR UPDATE OR DELETE
  ON public.scoring_category FOR EACH ROW EXECUTE FUNCTION vc_guard.rulebook_part_is_guarded();
ALTER TABLE public.scoring_category ENABLE ALWAYS TRIGGER scoring_category_guarded;
CREATE TRIGGER scoring_item_guarded BEFORE INSERT OR UPDATE OR DELETE
  ON public.scoring_item FOR EACH ROW EXECUTE FUNCTION vc_guard.rulebook_part_is_guarded();
ALTER TABLE public.scoring_item ENABLE ALWAYS TRIGGER scoring_item_guarded;
"""

MONTHS = """
CREATE FUNCTION vc_guard.month_goes_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_order text[] := ARRAY['open', 'closed', 'published', 'final'];
  v_step integer;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a month stays' USING ERRCODE = 'VC301';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' THEN
      RAISE EXCEPTION 'a month begins open' USING ERRCODE = 'VC301';
    END IF;
    RETURN NEW;
  END IF;
  v_step := array_position(v_order, NEW.state::text) - array_position(v_order, OLD.state::text);
  IF v_step NOT IN (0, 1)
     OR (NEW.village_id, NEW.month, NEW.origin) IS DISTINCT FROM
        (OLD.village_id, OLD.month, OLD.origin)
     OR (OLD.state <> 'open' AND (NEW.seal_id, NEW.closed_at) IS DISTINCT FROM
         (OLD.seal_id, OLD.closed_at))
  THEN
    RAISE EXCEPTION 'a month goes forward, step by step' USING ERRCODE = 'VC301';
  END IF;
  IF v_step = 1 AND EXISTS (
    SELECT 1 FROM public.scoring_hold h
    WHERE h.month_id = NEW.id AND h.released_at IS NULL
      AND ((NEW.state = 'closed' AND h.kind = 'close') OR NEW.state = 'final'))
  THEN
    RAISE EXCEPTION 'the month is held' USING ERRCODE = 'VC302';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scoring_month_forward BEFORE INSERT OR UPDATE OR DELETE
  ON public.scoring_month FOR EACH ROW EXECUTE FUNCTION vc_guard.month_goes_forward();
ALTER TABLE public.scoring_month ENABLE ALWAYS TRIGGER scoring_month_forward;

CREATE FUNCTION vc_guard.seal_follows_its_predecessor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_last public.scoring_seal%ROWTYPE;
BEGIN
  SELECT * INTO v_last FROM public.scoring_seal s
   WHERE s.village_id = NEW.village_id ORDER BY s.number DESC LIMIT 1;
  IF NEW.number <> coalesce(v_last.number, 0) + 1
     OR NEW.upto_id <= coalesce(v_last.upto_id, 0)
     OR NEW.count <= coalesce(v_last.count, 0)
     OR NEW.prev_root IS DISTINCT FROM coalesce(v_last.root, ''::bytea)
  THEN
    RAISE EXCEPTION 'a seal follows its predecessor' USING ERRCODE = 'VC303';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scoring_seal_follows BEFORE INSERT
  ON public.scoring_seal FOR EACH ROW EXECUTE FUNCTION vc_guard.seal_follows_its_predecessor();
ALTER TABLE public.scoring_seal ENABLE ALWAYS TRIGGER scoring_seal_follows;
"""

DROP = """
DROP TRIGGER scoring_seal_follows ON public.scoring_seal;
DROP TRIGGER scoring_month_forward ON public.scoring_month;
DROP TRIGGER scoring_item_guarded ON public.scoring_item;
DROP TRIGGER scoring_category_guarded ON public.scoring_category;
DROP TRIGGER scoring_rulebook_guarded ON public.scoring_rulebook;
DROP FUNCTION vc_guard.seal_follows_its_predecessor();
DROP FUNCTION vc_guard.month_goes_forward();
DROP FUNCTION vc_guard.rulebook_part_is_guarded();
DROP FUNCTION vc_guard.rulebook_is_guarded();
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0002_ledger_post")]
    operations = [migrations.RunSQL(RULES + MONTHS, DROP)]
