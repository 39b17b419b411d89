-- A tenant that was removed leaves its row: late announcements must not make it again, and a later tenant of the same name
-- begins a new generation.
ALTER TABLE tenants DROP CONSTRAINT tenants_state_check,
    ADD CONSTRAINT tenants_state_check CHECK (state IN ('preparing', 'ready', 'failed', 'removed'));
-- Whether another tenant had the name before, and its profile until its data is removed.
ALTER TABLE tenants ADD COLUMN is_successor boolean NOT NULL DEFAULT false, ADD COLUMN former jsonb;
