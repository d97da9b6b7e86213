-- Refuses, to everybody and to superusers too, every change of what guards the ledger: its tables,
-- their triggers, rules, indexes and constraints, the functions ledger_* and all of schema vc_guard.
-- Optional; run by a superuser, connected to the site's own database; may be run again at any time:
--
--     psql -v ON_ERROR_STOP=1 -d villages -f deploy/sql/ddl_guard.sql
--
-- It stops accidents and hasty hands. It cannot stop DROP EVENT TRIGGER, DROP DATABASE, the files
-- themselves, or (from PostgreSQL 17 on) `event_triggers = off`: `manage.py check --database default`
-- says whether it is there and awake. A migration drops it first: deploy/migrate.sh.

BEGIN;
DROP EVENT TRIGGER IF EXISTS vc_guard_before;
DROP EVENT TRIGGER IF EXISTS vc_guard_dropped;
DROP EVENT TRIGGER IF EXISTS vc_guard_after;
DROP EVENT TRIGGER IF EXISTS vc_guard_watch;

-- Not in vc_guard, which the owner owns: a DROP that takes the guard's own functions along takes the
-- event triggers along as well, before any of them could look.
CREATE SCHEMA IF NOT EXISTS vc_ddl;
REVOKE ALL ON SCHEMA vc_ddl FROM PUBLIC;

-- Every guarded object as "catalog:object".
CREATE OR REPLACE FUNCTION vc_ddl.objects() RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH guarded AS (
    SELECT c.oid FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('public') AND (
      c.relname IN ('scoring_entry', 'scoring_seal', 'scoring_adoption', 'trail_auditevent',
                    'notices_noticebody')
      OR c.relname LIKE 'ledger\_%'
      OR EXISTS (
        SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE t.tgrelid = c.oid AND p.pronamespace = to_regnamespace('vc_guard')))
  ), objects(class, object) AS (
    SELECT 'pg_namespace'::regclass, n.oid FROM pg_namespace n WHERE n.nspname IN ('vc_guard', 'vc_ddl')
    UNION ALL SELECT 'pg_class'::regclass, g.oid FROM guarded g
    UNION ALL SELECT 'pg_class'::regclass, c.oid FROM pg_class c
      WHERE c.relnamespace = to_regnamespace('vc_guard')
    UNION ALL SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p
      WHERE p.pronamespace IN (to_regnamespace('vc_guard'), to_regnamespace('vc_ddl'))
         OR (p.pronamespace = to_regnamespace('public') AND p.proname LIKE 'ledger\_%')
    UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t JOIN guarded g ON g.oid = t.typrelid
    UNION ALL SELECT 'pg_trigger'::regclass, t.oid FROM pg_trigger t JOIN guarded g
      ON g.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL SELECT 'pg_rewrite'::regclass, r.oid FROM pg_rewrite r JOIN guarded g
      ON g.oid = r.ev_class
    UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p JOIN guarded g
      ON g.oid = p.polrelid
    UNION ALL SELECT 'pg_constraint'::regclass, c.oid FROM pg_constraint c JOIN guarded g
      ON g.oid = c.conrelid
    UNION ALL SELECT 'pg_class'::regclass, i.indexrelid FROM pg_index i JOIN guarded g
      ON g.oid = i.indrelid
    -- A child's rows would show among those of its guarded parent.
    UNION ALL SELECT 'pg_class'::regclass, i.inhrelid FROM pg_inherits i JOIN guarded g
      ON g.oid = i.inhparent
  )
  SELECT class::oid || ':' || object FROM objects
$$;

-- Before each command: remember what is guarded, for a command may rename it away.
CREATE OR REPLACE FUNCTION vc_ddl.before() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- These can take all of vc_ddl along. Nobody needs them on a running site.
  IF TG_TAG IN ('DROP OWNED', 'DROP SCHEMA', 'DROP EXTENSION', 'DROP LANGUAGE') THEN
    RAISE EXCEPTION '% is refused: the DDL guard is installed', TG_TAG USING
      ERRCODE = 'VC002', HINT = 'Migrate with deploy/migrate.sh, which takes it off and on again.';
  END IF;
  PERFORM set_config('vc_ddl.objects', ARRAY(SELECT vc_ddl.objects())::text, true);
END $$;

CREATE OR REPLACE FUNCTION vc_ddl.dropped() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_before text[] := current_setting('vc_ddl.objects')::text[];
  v_what text;
BEGIN
  SELECT d.object_type || ' ' || d.object_identity INTO v_what
  FROM pg_event_trigger_dropped_objects() d
  WHERE d.classid || ':' || d.objid = ANY (v_before)
  ORDER BY d.original DESC LIMIT 1;
  IF v_what IS NOT NULL THEN
    RAISE EXCEPTION '% of % is refused: the DDL guard is installed', TG_TAG, v_what USING
      ERRCODE = 'VC002', HINT = 'Migrate with deploy/migrate.sh, which takes it off and on again.';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION vc_ddl.after() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_before text[] := current_setting('vc_ddl.objects')::text[];
  v_now text[];
  v_what text;
BEGIN
  -- Rebuilding an index is care, not change.
  IF TG_TAG = 'REINDEX' THEN
    RETURN;
  END IF;
  IF to_regnamespace('vc_ddl') IS NOT NULL THEN
    v_now := ARRAY(SELECT vc_ddl.objects());
  END IF;
  SELECT c.object_type || ' ' || c.object_identity INTO v_what
  FROM pg_event_trigger_ddl_commands() c
  WHERE c.classid || ':' || c.objid = ANY (v_before || v_now)
  LIMIT 1;
  IF v_what IS NULL AND NOT coalesce(v_before <@ v_now, false) THEN
    v_what := 'a guarded object';
  END IF;
  IF v_what IS NOT NULL THEN
    RAISE EXCEPTION '% of % is refused: the DDL guard is installed', TG_TAG, v_what USING
      ERRCODE = 'VC002', HINT = 'Migrate with deploy/migrate.sh, which takes it off and on again.';
  END IF;
END $$;

-- A function that was just replaced cannot see it: these two see each other.
CREATE OR REPLACE FUNCTION vc_ddl.watch() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_event_trigger_ddl_commands() c
    WHERE c.classid = 'pg_proc'::regclass AND c.object_identity = 'vc_ddl.after()')
  THEN
    RAISE EXCEPTION '% of the DDL guard is refused', TG_TAG USING
      ERRCODE = 'VC002', HINT = 'Use deploy/sql/ddl_guard_off.sql and deploy/sql/ddl_guard.sql.';
  END IF;
END $$;

REVOKE ALL ON FUNCTION vc_ddl.before(), vc_ddl.dropped(), vc_ddl.after(),
  vc_ddl.watch(), vc_ddl.objects() FROM PUBLIC;

CREATE EVENT TRIGGER vc_guard_before ON ddl_command_start
  EXECUTE FUNCTION vc_ddl.before();
CREATE EVENT TRIGGER vc_guard_dropped ON sql_drop
  EXECUTE FUNCTION vc_ddl.dropped();
CREATE EVENT TRIGGER vc_guard_after ON ddl_command_end
  EXECUTE FUNCTION vc_ddl.after();
CREATE EVENT TRIGGER vc_guard_watch ON ddl_command_end
  EXECUTE FUNCTION vc_ddl.watch();
-- Also under session_replication_role = replica.
ALTER EVENT TRIGGER vc_guard_before ENABLE ALWAYS;
ALTER EVENT TRIGGER vc_guard_dropped ENABLE ALWAYS;
ALTER EVENT TRIGGER vc_guard_after ENABLE ALWAYS;
ALTER EVENT TRIGGER vc_guard_watch ENABLE ALWAYS;
COMMIT;
