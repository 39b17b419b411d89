-- E-mail and name are encrypted for their row; a user is found by the keyed digest of the address.
CREATE TABLE users (
    id             uuid        PRIMARY KEY,
    email          bytea       NOT NULL,
    email_index    bytea       NOT NULL CONSTRAINT user_email_is_free UNIQUE,
    name           bytea       NOT NULL,
    role           text        NOT NULL,
    password_hash  text        NOT NULL,
    is_active      boolean     NOT NULL DEFAULT true,
    -- The secret of the authenticator application, encrypted; NULL until its first code was given.
    totp_secret    bytea,
    -- A code is good once: only later steps than this one count.
    totp_last_step bigint,
    version        bigint      NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT totp_secret_has_last_step CHECK ((totp_secret IS NULL) = (totp_last_step IS NULL))
);

CREATE TABLE recovery_codes (
    user_id uuid  NOT NULL REFERENCES users ON DELETE CASCADE,
    digest  bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, digest)
);

-- A right password, and the secret of the application that is being enrolled, until its first code comes.
CREATE TABLE enrolment_tickets (
    digest      bytea       PRIMARY KEY,
    user_id     uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    totp_secret bytea       NOT NULL,
    attempts    int         NOT NULL DEFAULT 0,
    expires_at  timestamptz NOT NULL
);

-- Attempts since the last success, by the digest of the address that was tried, whether or not somebody has it.
CREATE TABLE login_attempts (
    email_index  bytea       PRIMARY KEY,
    attempts     int         NOT NULL,
    locked_until timestamptz,
    updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX login_attempts_by_age ON login_attempts (updated_at);

-- One login, through all its refresh tokens: the family that ends as a whole.
CREATE TABLE sessions (
    id         uuid        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    digest     bytea  PRIMARY KEY,
    session_id uuid   NOT NULL REFERENCES sessions ON DELETE CASCADE,
    number     int    NOT NULL,
    used_at    timestamptz,
    CONSTRAINT refresh_tokens_are_one_line UNIQUE (session_id, number)
);

-- Who did what to which object and when, without personal data: ids, and the network of the client.
CREATE TABLE access_audit (
    id         uuid        PRIMARY KEY,
    at         timestamptz NOT NULL,
    user_id    uuid,
    session_id uuid,
    action     text        NOT NULL,
    object     text,
    outcome    text        NOT NULL CHECK (outcome IN ('granted', 'refused')),
    network    text        NOT NULL,
    trace_id   text
);
