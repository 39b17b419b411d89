-- Which processes serve, so that what a tenant is allowed can be shared out among them.
CREATE TABLE processes (
    id      uuid        PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);
