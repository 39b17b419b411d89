-- Screens that wait to be paired. A screen shows the code; staff of a tenant type it. The screen then asks for its token
-- with a secret that only it has.
CREATE TABLE display_pairings (
    code          text        PRIMARY KEY,
    secret_digest bytea       NOT NULL UNIQUE,
    expires_at    timestamptz NOT NULL,
    -- Of the confirmation; both or none.
    tenant        text,
    display       uuid,
    CHECK ((tenant IS NULL) = (display IS NULL))
);
CREATE INDEX display_pairings_by_expiry ON display_pairings (expires_at);
