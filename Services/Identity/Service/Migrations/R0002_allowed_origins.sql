-- The origins whose web pages may call the API with tokens of the tenant; see AllowedOrigins.
ALTER TABLE tenant_registrations ADD COLUMN allowed_origins text[] NOT NULL DEFAULT '{}';
