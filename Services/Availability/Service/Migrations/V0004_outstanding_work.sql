-- Which of these schemas have work outstanding at an instant: a calendar to ask for, days to open or to remove, days to
-- update, views that the cache lacks, reports to ask for.
CREATE FUNCTION outstanding_work(schemas text[], at timestamptz)
RETURNS TABLE (
    schema text, lacks_calendar boolean, has_other_days boolean, is_outdated boolean, is_uncached boolean,
    awaits_report boolean
)
LANGUAGE plpgsql SET lock_timeout = '100ms' SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT NOT EXISTS (SELECT FROM %1$I.calendar),
                    (SELECT coalesce((SELECT max(day) FROM %1$I.days), ''-infinity'')
                            < ($1 AT TIME ZONE time_zone)::date + horizon_days + 1
                        OR (SELECT min(day) FROM %1$I.days) < ($1 AT TIME ZONE time_zone)::date - 1
                        FROM %1$I.calendar),
                    EXISTS (SELECT FROM %1$I.days WHERE calendar_version < (SELECT version FROM %1$I.calendar))
                        OR EXISTS (SELECT FROM %1$I.days WHERE is_answered)
                        OR EXISTS (SELECT FROM %1$I.publications WHERE view_version IS NULL AND day BETWEEN
                            (SELECT min(day) FROM %1$I.days) AND (SELECT max(day) FROM %1$I.days)),
                    EXISTS (SELECT FROM %1$I.days WHERE cached_version < version),
                    EXISTS (SELECT FROM %1$I.days WHERE doubt IS NOT NULL AND ask_at <= $1)', schema)
            INTO lacks_calendar, has_other_days, is_outdated, is_uncached, awaits_report USING at;
            -- The end of a failed block releases its locks: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN
                IF lacks_calendar OR has_other_days OR is_outdated OR is_uncached OR awaits_report THEN
                    RETURN NEXT;
                END IF;
            -- A schema that is missing or being changed does not stop the others; the next run asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
