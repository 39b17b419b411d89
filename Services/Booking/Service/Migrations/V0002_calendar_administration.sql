-- Several people keep the calendar: what they replace has a version, as resources and care types have.
ALTER TABLE exceptions ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE holidays ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- Who may read a practitioner's agenda without signing in: whoever has the secret, of which only the digest is here.
CREATE TABLE feeds (
    practitioner uuid        PRIMARY KEY REFERENCES resources,
    token_digest bytea       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feeds_one_practitioner_per_token UNIQUE (token_digest)
);
