-- The displays that are paired, as the events of Queue describe them.
CREATE TABLE displays (
    id uuid PRIMARY KEY,
    -- The queues whose rooms the display may enter.
    queues uuid[] NOT NULL,
    -- SHA-256 of its token, in base64url.
    token_digest text NOT NULL
);
