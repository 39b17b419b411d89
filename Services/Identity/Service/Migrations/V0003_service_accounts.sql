-- Programs that call the API by themselves. The name is that of a program, not of a person.
CREATE TABLE service_accounts (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CONSTRAINT service_account_name_is_free UNIQUE,
    scopes     text[]      NOT NULL,
    is_active  boolean     NOT NULL DEFAULT true,
    expires_at timestamptz,
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- A secret is random, so an unkeyed digest is enough. The session is that of the tokens that the secret is exchanged for:
-- a new one replaces it when these tokens must end and the secret stays.
CREATE TABLE service_account_secrets (
    id           uuid        PRIMARY KEY,
    account      uuid        NOT NULL REFERENCES service_accounts ON DELETE CASCADE,
    digest       bytea       NOT NULL CONSTRAINT service_account_secrets_differ UNIQUE,
    session      uuid        NOT NULL DEFAULT gen_random_uuid(),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz
);

CREATE INDEX service_account_secrets_by_account ON service_account_secrets (account, id);
