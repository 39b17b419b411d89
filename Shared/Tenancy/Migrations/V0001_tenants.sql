-- The tenants that a service knows, as Identity announced them, and how far their schemas are.
CREATE TABLE tenants (
    slug               text        PRIMARY KEY,
    id                 uuid        NOT NULL UNIQUE,
    -- The whole announcement; see TenantProfile.
    profile            jsonb       NOT NULL,
    -- The aggregate version of the announcement: an older one never replaces a newer one.
    version            bigint      NOT NULL,
    state              text        NOT NULL DEFAULT 'preparing' CHECK (state IN ('preparing', 'ready', 'failed')),
    -- Which migrations the schema has, so that a start need not look into each of a thousand schemas.
    schema_fingerprint text        NOT NULL DEFAULT '',
    failure            text,
    updated_at         timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX tenants_by_change ON tenants (updated_at);
