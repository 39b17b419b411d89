-- Attempts to log in to tenants that do not exist: they are answered like those to other tenants.
CREATE TABLE attempts (
    email_index  bytea       NOT NULL,
    source       bytea       NOT NULL,
    count        int         NOT NULL,
    locked_until timestamptz,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (email_index, source)
);

CREATE INDEX attempts_by_age ON attempts (updated_at);
