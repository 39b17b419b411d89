-- A service asks once for all its tenants on a server, whatever their number: called in one schema, this looks into
-- the outbox of each schema named and answers for those in which events wait.
CREATE FUNCTION waiting_outboxes(schemas text[])
RETURNS TABLE (schema text, waiting bigint, seconds bigint) LANGUAGE plpgsql SET lock_timeout = '100ms' SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT count(*), extract(epoch FROM now() - min(created_at))::bigint FROM %I.outbox
                WHERE published_at IS NULL', schema)
            INTO waiting, seconds;
            -- The end of a failed block gives its locks back: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF waiting > 0 THEN RETURN NEXT; END IF;
            -- A schema that is missing or being changed stops no other; the next round asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
