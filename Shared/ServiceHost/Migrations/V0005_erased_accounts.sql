-- Accounts that were erased, until the service has removed for the last time what was theirs.
CREATE TABLE erased_accounts (
    account      uuid        PRIMARY KEY,
    erased_at    timestamptz NOT NULL,
    -- When it was removed for the first time.
    forgotten_at timestamptz
);

-- Called in one schema, names those schemas in which something is to be removed: of every account once, and again of those
-- that were erased before an instant.
CREATE FUNCTION accounts_to_forget(schemas text[], before timestamptz)
RETURNS TABLE (schema text, accounts bigint) LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT count(*) FROM %I.erased_accounts WHERE forgotten_at IS NULL OR erased_at < $1', schema)
            INTO accounts USING before;
            -- The end of a failed block releases its locks: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF accounts > 0 THEN RETURN NEXT; END IF;
            -- A schema that is missing or being changed does not stop the others; the next run asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
