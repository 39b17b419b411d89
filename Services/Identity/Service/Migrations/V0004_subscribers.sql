-- Systems outside the suite that receive events of the tenant. Their accounts and queues at the broker follow these rows.
CREATE TABLE subscribers (
    id                  uuid        PRIMARY KEY,
    name                text        NOT NULL CONSTRAINT subscriber_name_is_free UNIQUE,
    -- Types of events, or kinds of aggregates; see EventSelection.
    events              text[]      NOT NULL,
    -- As RabbitMQ stores it: salt and SHA-256.
    password_hash       text        NOT NULL,
    password_changed_at timestamptz NOT NULL,
    created_at          timestamptz NOT NULL,
    -- Since when its queue exists; NULL until the broker has the account.
    collecting_since    timestamptz,
    -- Set by its removal; the row goes when the broker has removed account and queue.
    removed_at          timestamptz
);

-- The subscribers of each of these schemas, as JSON; see waiting_outboxes. A schema that is left out was not read.
CREATE FUNCTION subscribers_of(schemas text[])
RETURNS TABLE (schema text, subscribers text) LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format(
                'SELECT coalesce(json_agg(json_build_object(
                    ''id'', id, ''name'', name, ''events'', events, ''passwordHash'', password_hash,
                    ''isCollecting'', collecting_since IS NOT NULL, ''isRemoved'', removed_at IS NOT NULL)), ''[]'')::text
                FROM %I.subscribers', schema)
            INTO subscribers;
            -- The end of a failed block releases its locks: those of a thousand schemas would fill the lock table.
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN RETURN NEXT;
            -- A schema that is missing or being changed does not stop the others; the next run asks again.
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
