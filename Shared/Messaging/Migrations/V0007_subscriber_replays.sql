-- Replays to the queues of subscribers outside the suite, in the schema of the publisher's own, until they are done.
CREATE TABLE subscriber_replays (
    -- The id of the replay: readers find it in a header of each message.
    id       text        PRIMARY KEY,
    tenant   text        NOT NULL,
    queue    text        NOT NULL,
    -- `<service>.<aggregate>.<verb>.v<version>`: the middle of the routing key.
    topics   text[]      NOT NULL,
    since    timestamptz NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now()
);
