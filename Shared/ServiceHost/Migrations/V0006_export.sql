-- The rows of a table that are in some of its blocks, for an export of the schema.
CREATE FUNCTION rows_of(name text, first bigint, past bigint) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT to_jsonb(line) FROM %I AS line WHERE ctid >= %L::tid AND ctid < %L::tid',
        name, format('(%s,0)', first), format('(%s,0)', past));
END $$;
