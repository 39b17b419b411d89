-- When a token of the session was first refused after its end; see Audit.recordUseOfEndedSession.
ALTER TABLE sessions ADD COLUMN refused_at timestamptz;

-- Attempts since the last success, by the digests of the address that was tried and of their source; an empty source
-- counts those of all. It replaces login_attempts, which processes of the earlier release still use.
CREATE TABLE attempts (
    email_index  bytea       NOT NULL,
    source       bytea       NOT NULL,
    count        int         NOT NULL,
    locked_until timestamptz,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (email_index, source)
);

CREATE INDEX attempts_by_age ON attempts (updated_at);

-- The networks from which a user has logged in: attacks from elsewhere do not lock them out.
CREATE TABLE known_networks (
    user_id uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    digest  bytea       NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, digest)
);
