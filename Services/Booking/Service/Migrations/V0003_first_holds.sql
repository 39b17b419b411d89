-- Called in one schema, this looks for the first hold to lapse in each schema named and answers for those that have one;
-- see waiting_outboxes.
CREATE FUNCTION first_holds(schemas text[])
RETURNS TABLE (schema text, held_until timestamptz) LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    FOREACH schema IN ARRAY schemas LOOP
        BEGIN
            EXECUTE format('SELECT min(held_until) FROM %I.appointments WHERE status = ''held''', schema)
            INTO held_until;
            RAISE EXCEPTION 'seen';
        EXCEPTION
            WHEN raise_exception THEN IF held_until IS NOT NULL THEN RETURN NEXT; END IF;
            WHEN undefined_table OR lock_not_available THEN NULL;
        END;
    END LOOP;
END $$;
