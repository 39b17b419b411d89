-- The last replay of a subscriber's events; NULL before the first.
ALTER TABLE subscribers ADD COLUMN replayed_at timestamptz;
