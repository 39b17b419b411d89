-- Answers to requests that carried an Idempotency-Key, for as long as a tablet may be offline.
CREATE TABLE idempotency_keys (
    scope       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    status      int         NOT NULL,
    headers     text        NOT NULL,
    body        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Raises GU001 when another transaction is busy with the same key.
CREATE FUNCTION claim_idempotency_key(scope text, key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' ' || scope || ' ' || key, 0)) THEN
        RAISE EXCEPTION 'the same request is still running' USING ERRCODE = 'GU001';
    END IF;
END $$;
