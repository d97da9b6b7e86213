-- The two roles of the site and the one that backs it up. Run by a superuser, connected to the site's own database; may be run
-- again at any time:
--
--     createdb villages && psql -d villages -f deploy/sql/roles.sql
--
-- Afterwards give each a password (\password villages_owner, \password villages_app,
-- \password villages_backup).

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['villages_owner', 'villages_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION',
            role_name
        );
    END LOOP;
    -- Reads everything for a backup, also behind row-level security, and writes nothing. It copies
    -- the whole cluster too, hence REPLICATION.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'villages_backup') THEN
        CREATE ROLE villages_backup;
    END IF;
    ALTER ROLE villages_backup
        LOGIN REPLICATION BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE;
    GRANT pg_read_all_data TO villages_backup;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO villages_backup', current_database());
    -- villages_owner migrates and owns everything; villages_app is what the site runs as.
    EXECUTE format('ALTER DATABASE %I OWNER TO villages_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO villages_app', current_database());
END
$$;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER SCHEMA public OWNER TO villages_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO villages_app;

-- A function nobody granted is a function nobody may call.
ALTER DEFAULT PRIVILEGES FOR ROLE villages_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
