-- The headers of the message beside its body, one `name: value` a line, so that the relay need not decode the body.
-- NULL in rows of earlier releases, which decoded it.
ALTER TABLE outbox ADD COLUMN headers text;
