-- Which of these schemas have work that must not wait: days to update, views that the cache lacks, reports to ask for. It
-- is asked every second, so it looks into partial indexes alone, which are empty for a tenant that is idle.
CREATE INDEX days_unfinished ON days (day) WHERE cached_version < version OR is_answered OR doubt IS NOT NULL;
DROP INDEX days_uncached, days_answered;

CREATE FUNCTION urgent_work(schemas text[])
RETURNS TABLE (schema text) LANGUAGE plpgsql
SET lock_timeout = '100ms' SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
    is_urgent boolean;
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM %1$I.days WHERE cached_version < version OR is_answered OR doubt IS NOT NULL)
                    OR EXISTS (SELECT FROM %1$I.publications WHERE view_version IS NULL)',
                schema)
            INTO is_urgent;
            -- The end of a failed block releases its locks: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF is_urgent THEN RETURN NEXT; END IF;
            -- A schema that is missing or being changed does not stop the others; the next run asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
