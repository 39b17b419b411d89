-- Several people keep the calendar: what they replace has a version, as resources and care types have.
ALTER TABLE exceptions ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE holidays ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- Who changes the calendar waits for the bookings under way, and sees them when it looks for those left outside.
CREATE FUNCTION lock_calendar() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' calendar', 0));
$$;

-- A booking is decided by a copy of the calendar: raises GU002 when that is no longer the calendar, and keeps changes
-- waiting until the booking has ended.
CREATE FUNCTION require_calendar(seen bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(current_schema() || ' calendar', 0));
    PERFORM FROM calendar WHERE version = seen;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the calendar has changed' USING ERRCODE = 'GU002';
    END IF;
END $$;

-- Who may read a practitioner's agenda without signing in: whoever has the secret, of which only the digest is here.
CREATE TABLE feeds (
    practitioner uuid        PRIMARY KEY REFERENCES resources,
    token_digest bytea       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feeds_one_practitioner_per_token UNIQUE (token_digest)
);
