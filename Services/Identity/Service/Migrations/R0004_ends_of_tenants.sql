-- Since when a tenant is closed; NULL while it is open.
ALTER TABLE tenant_registrations ADD COLUMN closed_at timestamptz;

-- Tenants that were removed, so that a service that comes later, or was away, hears of them.
CREATE TABLE removed_tenants (
    id            uuid        PRIMARY KEY,
    slug          text        NOT NULL,
    database      text        NOT NULL,
    announcements bigint      NOT NULL,
    removed_at    timestamptz NOT NULL
);

-- Several tenants may have one name, one after the other. A service that still has the data of one that was removed keeps
-- its row.
ALTER TABLE tenant_services ADD COLUMN tenant_id uuid;
UPDATE tenant_services SET tenant_id = (SELECT id FROM tenant_registrations WHERE slug = tenant);
