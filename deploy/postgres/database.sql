-- What a database of the suite needs before its services start, once for each database and again after an upgrade. Run it
-- as a superuser who owns the database. The services' roles exist already; GRANTs to them follow it.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE EXTENSION IF NOT EXISTS btree_gist; -- for exclusion constraints over a resource and a time

-- Schemas are made by this function alone: no role of a service has CREATE on the database. A role makes the schema of
-- its own name and those whose name continues it after an underscore, which no name of a role contains.
CREATE SCHEMA IF NOT EXISTS provision;
CREATE OR REPLACE FUNCTION provision.create_schema(name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF name <> session_user AND NOT starts_with(name, session_user || '_') THEN
        RAISE insufficient_privilege USING MESSAGE = format('role %s may not create schema %s', session_user, name);
    END IF;
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', name, session_user);
END $$;
REVOKE ALL ON SCHEMA provision FROM PUBLIC;
REVOKE ALL ON FUNCTION provision.create_schema(text) FROM PUBLIC;

-- Large objects belong to no schema. Nothing of the suite uses them.
DO $$
DECLARE routine regprocedure;
BEGIN
    FOR routine IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname LIKE 'lo\_%' OR proname IN ('loread', 'lowrite'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
    END LOOP;
END $$;
