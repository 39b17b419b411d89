-- A restore from a backup begins a new generation, in which versions are used again. The number is the default of a column
-- so that writing an event costs nothing more.
CREATE TABLE generation (
    only_row     boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    number       bigint      NOT NULL DEFAULT 1,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    -- NULL from the beginning of a generation until it was announced to the other services.
    announced_at timestamptz DEFAULT now()
);
INSERT INTO generation DEFAULT VALUES;

ALTER TABLE outbox ADD COLUMN generation bigint NOT NULL DEFAULT 1;

-- The version with which each aggregate enters a generation but the first.
CREATE TABLE generation_starts (
    aggregate  text   NOT NULL,
    generation bigint NOT NULL,
    version    bigint NOT NULL,
    PRIMARY KEY (aggregate, generation)
);

CREATE FUNCTION record_generation_start() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO generation_starts (aggregate, generation, version)
    VALUES (NEW.aggregate, NEW.generation, NEW.version) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER outbox_generation_start AFTER INSERT ON outbox
    FOR EACH ROW WHEN (NEW.generation > 1) EXECUTE FUNCTION record_generation_start();

-- Called in the transaction that restores the schema. Numbers follow the clock, because a backup does not know which
-- generations came after it; they fit into 32 bits until 2094.
CREATE FUNCTION begin_generation() RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    begun bigint;
BEGIN
    LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE;
    UPDATE generation SET begun_at = now(), announced_at = NULL,
        number = greatest(number + 1, extract(epoch FROM now() - timestamptz '2026-01-01 00:00:00Z')::bigint)
    RETURNING number INTO begun;
    EXECUTE format('ALTER TABLE outbox ALTER COLUMN generation SET DEFAULT %s', begun);
    RETURN begun;
END $$;
