-- A view of some kilobytes is compressed at each change of its day. LZ4 takes a fraction of the time; a server that was
-- built without it keeps its own method.
DO $$
BEGIN
    ALTER TABLE days ALTER COLUMN view SET COMPRESSION lz4;
EXCEPTION
    WHEN feature_not_supported THEN NULL;
END $$;
