-- An answer is its body. The former columns keep defaults for the release before this one, which reads them.
ALTER TABLE idempotency_keys ALTER COLUMN status SET DEFAULT 200, ALTER COLUMN headers SET DEFAULT '';
