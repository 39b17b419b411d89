-- The calendar as Booking last told it; no row until it has.
CREATE TABLE calendar (
    only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version      bigint  NOT NULL,
    -- The event's CalendarSnapshot as JSON.
    snapshot     text    NOT NULL,
    -- Of the above, for the question whether a new day has come within the horizon.
    horizon_days int     NOT NULL,
    time_zone    text    NOT NULL,
    -- The event that told it.
    event_id      uuid        NOT NULL,
    event_type    text        NOT NULL,
    event_subject text        NOT NULL,
    event_version bigint      NOT NULL,
    happened_at   timestamptz NOT NULL
);

-- What each appointment takes, as of the newest version heard of, or took last. Nothing tells whom it is for.
CREATE TABLE placements (
    appointment  uuid        PRIMARY KEY,
    version      bigint      NOT NULL,
    changed_at   timestamptz NOT NULL,
    practitioner uuid        NOT NULL,
    room         uuid,
    blocked      tstzrange   NOT NULL CHECK (NOT isempty(blocked)),
    is_taken     boolean     NOT NULL
);
CREATE INDEX placements_by_time ON placements USING gist (blocked);

-- The view of each day within the horizon.
CREATE TABLE days (
    day            date        PRIMARY KEY,
    -- Rises with everything that readers must see: another view, a doubt, the end of a doubt.
    version        bigint      NOT NULL,
    view           text        NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT now(),
    -- By which calendar the view was computed.
    calendar_version bigint    NOT NULL DEFAULT 0,
    -- The newest version that is in the cache for certain.
    cached_version bigint      NOT NULL DEFAULT 0,
    -- Whether the present version shows nothing.
    is_withheld    boolean     NOT NULL DEFAULT false,
    -- Why the day is not shown until Booking has reported it; null while it is trusted.
    doubt          text,
    doubted_at     timestamptz,
    -- The report that will end the doubt, whether it has come, how often one was asked for, and when to ask again.
    report         uuid,
    is_answered    boolean     NOT NULL DEFAULT false,
    attempts       int         NOT NULL DEFAULT 0,
    ask_at         timestamptz,
    CONSTRAINT days_doubt_is_whole CHECK ((doubt IS NULL) = (doubted_at IS NULL) AND (doubt IS NULL) = (ask_at IS NULL))
);
CREATE INDEX days_by_calendar ON days (calendar_version, day);
CREATE INDEX days_answered ON days (day) WHERE is_answered;
CREATE INDEX days_uncached ON days (day) WHERE cached_version < version;
CREATE INDEX days_doubted ON days (ask_at) WHERE doubt IS NOT NULL;

-- The journal: what each event did to the days that it touched, and when everybody could see it. It is also the list of
-- what is still to be done: a row without a version waits until its day is looked at.
CREATE TABLE publications (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id          uuid        NOT NULL,
    event_type        text        NOT NULL,
    aggregate         text        NOT NULL,
    aggregate_version bigint      NOT NULL,
    correlation       text,
    day               date        NOT NULL,
    happened_at       timestamptz NOT NULL,
    -- The version of the day that has the effect, what it was, when it was committed and when everybody saw it.
    view_version      bigint,
    outcome           text        CHECK (outcome IN ('published', 'unchanged', 'withheld', 'recalculated')),
    applied_at        timestamptz,
    visible_at        timestamptz,
    CONSTRAINT publications_are_done_or_not CHECK (
        (view_version IS NULL) = (outcome IS NULL) AND (view_version IS NULL) = (applied_at IS NULL))
);
CREATE INDEX publications_by_event ON publications (event_id);
CREATE INDEX publications_by_day ON publications (day, id);
CREATE INDEX publications_pending ON publications (day) WHERE view_version IS NULL;
CREATE INDEX publications_invisible ON publications (day) WHERE visible_at IS NULL AND view_version IS NOT NULL;

-- Who waits for an early slot.
CREATE TABLE care_alerts (
    id           uuid        PRIMARY KEY,
    subscriber   uuid        NOT NULL,
    care_type    text        NOT NULL,
    practitioner uuid,
    starts_from  timestamptz NOT NULL,
    starts_until timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    -- How often it was raised, which is also the version of its last event.
    raised       bigint      NOT NULL DEFAULT 0,
    raised_at    timestamptz,
    CHECK (starts_from < starts_until)
);
CREATE INDEX care_alerts_by_subscriber ON care_alerts (subscriber, created_at);
CREATE INDEX care_alerts_by_end ON care_alerts (starts_until);

-- Which of these schemas have something to do: a calendar to ask for, a day to open, a day to look at, a view that the
-- cache lacks, a report to ask for.
CREATE FUNCTION publication_chores(schemas text[])
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
                        < (now() AT TIME ZONE time_zone)::date + horizon_days + 1 FROM %1$I.calendar),
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
