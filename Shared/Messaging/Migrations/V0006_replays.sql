-- When missing facts of an aggregate were last asked for.
ALTER TABLE inbox ADD COLUMN asked_at timestamptz;

-- Kinds of aggregates, `<publisher>.<aggregate>`, of whose facts the whole history was asked for.
CREATE TABLE followed_aggregates (
    name     text        PRIMARY KEY,
    asked_at timestamptz NOT NULL DEFAULT now()
);

-- Called in one schema, names those schemas that do not follow all the kinds of aggregates yet.
CREATE FUNCTION unfollowed_aggregates(schemas text[], names text[])
RETURNS TABLE (schema text, followed bigint) LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format('SELECT count(*) FROM %I.followed_aggregates WHERE name = ANY ($1)', schema)
            INTO followed USING names;
            -- The end of a failed block releases its locks: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF followed < cardinality(names) THEN RETURN NEXT; END IF;
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;

-- Replays that other services have asked for, in the schema of the publisher's own. One tenant's or, for the tenant
-- `guichet`, of the installation; of a kind of aggregates or of some versions of one aggregate.
CREATE TABLE replays (
    id              uuid        PRIMARY KEY,
    asker           text        NOT NULL,
    tenant          text        NOT NULL,
    kind            text        NOT NULL,
    aggregate       text,
    generation      bigint      NOT NULL DEFAULT 1,
    from_version    bigint      NOT NULL DEFAULT 1,
    through_version bigint      NOT NULL DEFAULT 9223372036854775807,
    asked_at        timestamptz NOT NULL DEFAULT now()
);
