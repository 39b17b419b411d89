-- What each tenant has decided about its publication. A tenant without a row is closed to the public.
CREATE TABLE offices (
    tenant               text    PRIMARY KEY,
    version              bigint  NOT NULL DEFAULT 1,
    is_open              boolean NOT NULL,
    city                 text    NOT NULL CHECK (length(city) BETWEEN 1 AND 80),
    -- The city in plain letters, for those who type no accents.
    city_key             text    NOT NULL,
    phone                text,
    booking_url          text,
    latency_limit_ms     int     NOT NULL,
    updated_at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX offices_by_update ON offices (updated_at);

-- The run of Redis that the views were published into.
CREATE TABLE cache_server (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    run      text    NOT NULL
);
