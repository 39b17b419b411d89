-- Days that are past are a chore, too: with a horizon that has become shorter no new ones come for long, and what is over
-- was kept and worked out meanwhile.
CREATE OR REPLACE FUNCTION publication_chores(schemas text[])
RETURNS TABLE (
    schema text, is_ignorant boolean, lacks_days boolean, is_outdated boolean, is_uncached boolean, is_doubtful boolean
)
LANGUAGE plpgsql SET lock_timeout = '100ms' SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT NOT EXISTS (SELECT FROM %1$I.calendar),
                    (SELECT coalesce((SELECT max(day) FROM %1$I.days), ''-infinity'')
                            < (now() AT TIME ZONE time_zone)::date + horizon_days + 1
                        OR (SELECT min(day) FROM %1$I.days) < (now() AT TIME ZONE time_zone)::date - 1
                        FROM %1$I.calendar),
                    EXISTS (SELECT FROM %1$I.days WHERE calendar_version < (SELECT version FROM %1$I.calendar))
                        OR EXISTS (SELECT FROM %1$I.days WHERE is_answered)
                        OR EXISTS (SELECT FROM %1$I.publications WHERE view_version IS NULL AND day BETWEEN
                            (SELECT min(day) FROM %1$I.days) AND (SELECT max(day) FROM %1$I.days)),
                    EXISTS (SELECT FROM %1$I.days WHERE cached_version < version),
                    EXISTS (SELECT FROM %1$I.days WHERE doubt IS NOT NULL AND ask_at <= now())', schema)
            INTO is_ignorant, lacks_days, is_outdated, is_uncached, is_doubtful;
            -- The end of a failed block gives its locks back: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN
                IF is_ignorant OR lacks_days OR is_outdated OR is_uncached OR is_doubtful THEN RETURN NEXT; END IF;
            -- A schema that is missing or being changed stops no other; the next round asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
