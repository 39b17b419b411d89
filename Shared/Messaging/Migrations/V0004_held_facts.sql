-- Facts, events of which none may be skipped, are handled version by version. The generation of a publisher's versions
-- rises when its data was restored from a backup; baseline is the version at which a history begins of which the
-- publisher no longer has the older part.
ALTER TABLE inbox
    ADD COLUMN generation bigint NOT NULL DEFAULT 1,
    ADD COLUMN baseline   bigint;

-- Facts that wait for their predecessor. A row without a body stands for a fact that was parked and blocks those behind
-- it, or for one that an operator has decided to skip.
CREATE TABLE held_facts (
    source           text        NOT NULL,
    aggregate        text        NOT NULL,
    generation       bigint      NOT NULL,
    version          bigint      NOT NULL CHECK (version > 0),
    -- The version of the aggregate with which its generation begins.
    generation_start bigint      NOT NULL,
    state            text        NOT NULL CHECK (state IN ('held', 'parked', 'skipped')),
    event_id         uuid        NOT NULL,
    type             text        NOT NULL,
    -- The whole CloudEvent as it was delivered.
    body             text        CHECK ((state = 'held') = (body IS NOT NULL)),
    held_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, aggregate, generation, version)
);

-- Called in one schema, reports on each schema named that holds facts.
CREATE FUNCTION waiting_facts(schemas text[])
RETURNS TABLE (schema text, held bigint, aggregates bigint, overdue bigint, seconds bigint, settled bigint) LANGUAGE plpgsql
SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT count(*) FILTER (WHERE state = ''held''),
                    count(DISTINCT (source, aggregate)) FILTER (WHERE state = ''held''),
                    count(DISTINCT (source, aggregate)) FILTER
                        (WHERE state = ''held'' AND held_at < now() - interval ''1 hour''),
                    extract(epoch FROM now() - min(held_at) FILTER (WHERE state = ''held''))::bigint,
                    count(*) FILTER (WHERE state = ''skipped'')
                FROM %I.held_facts', schema)
            INTO held, aggregates, overdue, seconds, settled;
            -- The end of a failed block releases its locks: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF held > 0 OR settled > 0 THEN RETURN NEXT; END IF;
            -- A schema that is missing or being changed stops no other; the next round asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
