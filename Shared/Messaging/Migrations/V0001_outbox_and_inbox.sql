-- Events that left with the transaction that caused them, until the broker has them and for some days after.
CREATE TABLE outbox (
    position      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id      uuid        NOT NULL UNIQUE,
    aggregate     text        NOT NULL,
    version       bigint      NOT NULL CHECK (version > 0),
    routing_key   text        NOT NULL,
    -- The whole CloudEvent, byte for byte as it is published.
    body          text        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    published_at  timestamptz,
    -- Two writers that believe to be the next version of one aggregate cannot both be right.
    CONSTRAINT outbox_one_event_per_version UNIQUE (aggregate, version)
);

CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

-- How far this service has followed each aggregate of another: what is not newer was handled before.
CREATE TABLE inbox (
    source     text        NOT NULL,
    aggregate  text        NOT NULL,
    version    bigint      NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, aggregate)
);
