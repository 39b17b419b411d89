-- The tenants of the installation: here is the truth, every other copy follows the announcements.
CREATE TABLE tenant_registrations (
    id            uuid        PRIMARY KEY,
    slug          text        NOT NULL CONSTRAINT tenant_slug_is_free UNIQUE,
    name          text        NOT NULL,
    address       text        NOT NULL,
    time_zone     text        NOT NULL,
    locale        text        NOT NULL,
    phone_country text        NOT NULL,
    database      text        NOT NULL,
    -- Counts changes: the entity tag.
    revision      bigint      NOT NULL DEFAULT 1,
    -- Counts announcements: the version of the aggregate in events. It also rises when nothing changed but somebody asked.
    announcements bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- Appointments were given for this address and by this clock; whatever code says, they never change.
CREATE FUNCTION refuse_change_of_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'address and time zone of a tenant never change' USING ERRCODE = 'GU010';
END $$;

CREATE TRIGGER place_is_immutable BEFORE UPDATE ON tenant_registrations FOR EACH ROW
    WHEN ((old.id, old.slug, old.address, old.time_zone, old.database)
        IS DISTINCT FROM (new.id, new.slug, new.address, new.time_zone, new.database))
    EXECUTE FUNCTION refuse_change_of_place();

-- Which services have said that a tenant's schema is ready. A service may say so before the registration is seen here.
CREATE TABLE tenant_services (
    tenant   text        NOT NULL,
    service  text        NOT NULL,
    ready_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, service)
);

-- The first administrator of a tenant, from its creation until its schema can take the user in. Encrypted for the row
-- of the user that it becomes.
CREATE TABLE first_administrators (
    tenant        text  PRIMARY KEY,
    id            uuid  NOT NULL,
    email         bytea NOT NULL,
    email_index   bytea NOT NULL,
    name          bytea NOT NULL,
    password_hash text  NOT NULL
);

-- The keys that access tokens are signed with; see KeySchedule for the meaning of the times.
CREATE TABLE signing_keys (
    id          text        PRIMARY KEY,
    private_key bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    active_at   timestamptz NOT NULL,
    expires_at  timestamptz
);

-- One row: whoever changes the keys locks it, and raises the version that is published.
CREATE TABLE signing_key_set (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint  NOT NULL
);

INSERT INTO signing_key_set (version) VALUES (0);
