-- How far the clock of the process's machine is ahead of the database's, in milliseconds.
ALTER TABLE processes ADD COLUMN clock_deviation bigint NOT NULL DEFAULT 0;
