-- How many holds a client may have is judged by what was read: raises GU003 when another request of the same client was
-- faster. Holds of one client are written one after the other.
CREATE FUNCTION require_fewer_holds(client uuid, most int, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ' holds ' || client, 0));
    IF (SELECT count(*) FROM appointments WHERE owner = client AND status = 'held' AND held_until > at) >= most THEN
        RAISE EXCEPTION 'the client has as many holds as it may' USING ERRCODE = 'GU003';
    END IF;
END $$;
