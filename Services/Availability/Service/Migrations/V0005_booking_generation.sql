-- The generation of Booking's data that placements, calendar and days were made from. A restore of Booking's data begins
-- another one, in which versions are used again.
CREATE TABLE booking_generation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    number   bigint  NOT NULL DEFAULT 1
);
INSERT INTO booking_generation DEFAULT VALUES;
