-- Where an office is, and what others call it.
ALTER TABLE offices ADD COLUMN state text, ADD COLUMN postal_code text;
-- One a line: the system, which has no blanks, a blank, and the value, which is one line.
ALTER TABLE offices ADD COLUMN identifiers text NOT NULL DEFAULT '';
