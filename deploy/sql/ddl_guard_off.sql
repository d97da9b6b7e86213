-- Takes the guard of deploy/sql/ddl_guard.sql away, for a migration. Run by a superuser, may be run
-- again at any time; deploy/migrate.sh does it and installs the guard again afterwards.

BEGIN;
DROP EVENT TRIGGER IF EXISTS vc_guard_before;
DROP EVENT TRIGGER IF EXISTS vc_guard_dropped;
DROP EVENT TRIGGER IF EXISTS vc_guard_after;
DROP EVENT TRIGGER IF EXISTS vc_guard_watch;
DROP SCHEMA IF EXISTS vc_ddl CASCADE;
COMMIT;
