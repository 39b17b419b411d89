-- Screens that show the lines of some queues. A display has no token until the screen has asked for it.
CREATE TABLE displays (
    id           uuid        PRIMARY KEY,
    version      bigint      NOT NULL DEFAULT 1,
    -- The version of the last event; 0 before the screen is paired.
    event        bigint      NOT NULL DEFAULT 0,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    queues       uuid[]      NOT NULL CHECK (cardinality(queues) BETWEEN 1 AND 20),
    token_digest bytea       UNIQUE,
    created_at   timestamptz NOT NULL,
    paired_at    timestamptz
);

-- How often the token behind the QR code of a queue changes.
ALTER TABLE queues ADD COLUMN join_rotation_minutes int NOT NULL DEFAULT 1440
    CHECK (join_rotation_minutes BETWEEN 5 AND 527040);

-- When queues open and close by themselves. A queue without a row does neither.
CREATE TABLE opening_plans (
    queue          uuid        PRIMARY KEY REFERENCES queues ON DELETE CASCADE,
    version        bigint      NOT NULL DEFAULT 1,
    -- When the day ends, in minutes on the clock of the clinic; NULL if staff end it.
    ends_day_at    int         CHECK (ends_day_at BETWEEN 1 AND 1440),
    -- When the plan opens or closes next; NULL if it never does.
    next_change_at timestamptz,
    -- When the day ends next; NULL if staff end it.
    next_end_at    timestamptz
);
CREATE INDEX opening_plans_by_change ON opening_plans (next_change_at);
CREATE INDEX opening_plans_by_end ON opening_plans (next_end_at);

-- The hours of the plans, in minutes on the clock of the clinic; weekdays count from 1, a Monday.
CREATE TABLE opening_hours (
    queue   uuid NOT NULL REFERENCES opening_plans ON DELETE CASCADE,
    weekday int  NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens   int  NOT NULL CHECK (opens BETWEEN 0 AND 1439),
    closes  int  NOT NULL CHECK (closes BETWEEN 1 AND 1440),
    PRIMARY KEY (queue, weekday, opens),
    CHECK (opens < closes)
);

-- Of these schemas, those in which a plan has something to do by then; see waiting_outboxes.
CREATE FUNCTION due_openings(schemas text[], by_then timestamptz)
RETURNS TABLE (schema text, due bigint) LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT count(*) FROM %I.opening_plans WHERE next_change_at <= $1 OR next_end_at <= $1', schema)
            INTO due USING by_then;
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF due > 0 THEN RETURN NEXT; END IF;
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;

-- What a clinic wants to be alerted of, and which limits its line exceeds: an alert is published when a limit is crossed,
-- and not again until the line has been within it.
CREATE TABLE line_limits (
    queue        uuid    PRIMARY KEY REFERENCES queues ON DELETE CASCADE,
    version      bigint  NOT NULL DEFAULT 1,
    max_waiting  int     CHECK (max_waiting > 0),
    max_minutes  int     CHECK (max_minutes > 0),
    is_crowded   boolean NOT NULL DEFAULT false,
    is_slow      boolean NOT NULL DEFAULT false
);

-- Of these schemas, those in which a line has crossed a limit, one way or the other; see waiting_outboxes.
CREATE FUNCTION crossed_limits(schemas text[], by_then timestamptz)
RETURNS TABLE (schema text, crossed bigint) LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT count(*) FROM %1$I.line_limits l CROSS JOIN LATERAL (
                    SELECT count(*) AS waiting, min(joined_at) AS oldest FROM %1$I.tickets t
                    WHERE t.queue = l.queue AND t.status = ''waiting'') now
                WHERE coalesce(now.waiting > l.max_waiting, false) <> l.is_crowded
                    OR coalesce($1 - now.oldest > make_interval(mins => l.max_minutes), false) <> l.is_slow', schema)
            INTO crossed USING by_then;
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF crossed > 0 THEN RETURN NEXT; END IF;
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;

-- The appointments of Booking, as its events say. The newest event of an appointment has the whole of it.
CREATE TABLE booked_appointments (
    id        uuid        PRIMARY KEY,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    care_type text        NOT NULL,
    patient   uuid,
    status    text        NOT NULL
);
CREATE INDEX booked_appointments_by_end ON booked_appointments (ends_at);

-- An appointment has one ticket at a time.
CREATE UNIQUE INDEX tickets_have_an_appointment_alone ON tickets (appointment)
    WHERE status IN ('waiting', 'called', 'serving', 'held', 'missed');

-- Statistics count the tickets of some days.
CREATE INDEX tickets_by_joining ON tickets (queue, joined_at);

-- What a patient was told at the joining, in minutes. Compared with the wait, it says how good the estimates are.
CREATE TABLE wait_estimates (
    ticket   uuid PRIMARY KEY REFERENCES tickets ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    at_least int  NOT NULL,
    at_most  int  NOT NULL
);

-- Short codes that were sent for a ticket since the last right one. After a few the code opens the ticket no more.
CREATE TABLE code_attempts (
    ticket   uuid PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
    attempts int  NOT NULL
);
