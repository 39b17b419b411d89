-- What went wrong, as it was also told as an event: a tenant's, or in the registry what concerns no tenant alone.
CREATE TABLE anomalies (
    id          uuid        PRIMARY KEY,
    at          timestamptz NOT NULL,
    kind        text        NOT NULL,
    day         date,
    event_id    uuid,
    detail      text        NOT NULL
);
CREATE INDEX anomalies_by_time ON anomalies (at, id);
