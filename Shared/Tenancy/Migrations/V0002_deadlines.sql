-- Called by a write that the deadline of its request has overtaken. So a client that was refused, or that gave up, cannot
-- find later that its request has been carried out after all.
CREATE FUNCTION refuse_late_commit() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the deadline of the request has passed' USING ERRCODE = 'GU011';
END $$;
