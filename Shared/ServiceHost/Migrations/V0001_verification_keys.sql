-- The keys that tokens are verified with, as Identity published them last.
CREATE TABLE verification_keys (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint  NOT NULL,
    -- A JSON Web Key Set (RFC 7517).
    key_set  jsonb   NOT NULL
);
