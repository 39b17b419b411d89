-- Sessions that ended before their time: their access tokens are refused until the last of them has expired.
CREATE TABLE ended_sessions (
    session_id  uuid        PRIMARY KEY,
    until       timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX ended_sessions_by_record ON ended_sessions (recorded_at);
