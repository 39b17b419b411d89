-- Whose record it is: an account that registers a person only asserts who they are, until staff link the record to it.
--   account IS NULL                              staff entered it
--   account IS NOT NULL AND linked_at IS NULL    the account entered it, and staff never find it by name and telephone
--   account IS NOT NULL AND linked_at IS NOT NULL    staff linked it to the account
-- No record of before is linked, since nothing shows that staff checked it.
ALTER TABLE patients ADD COLUMN linked_at timestamptz, ADD COLUMN linked_by uuid;
ALTER TABLE patients ADD CONSTRAINT patients_link_names_an_account CHECK (linked_at IS NULL OR account IS NOT NULL);

-- What staff wrote into the record of an account is staff's: the account loses the record, and keeps what it booked.
UPDATE patients SET account = NULL
WHERE account IS NOT NULL AND EXISTS (
    SELECT FROM access_audit AS line WHERE line.patient = patients.id AND line.role <> 'patient'
        AND line.action IN ('change', 'consent'));

-- One name and telephone is one person among the records of the clinic, and among those that one account entered.
ALTER TABLE patients DROP CONSTRAINT patients_once;
CREATE UNIQUE INDEX patients_once
    ON patients (phone_index, name_index, (CASE WHEN linked_at IS NULL THEN account END)) NULLS NOT DISTINCT
    WHERE phone_index IS NOT NULL;

-- How many appointments an account may have ahead.
ALTER TABLE calendar ADD COLUMN bookings_per_client int NOT NULL DEFAULT 10;

-- Raises GU004 if the account has as many appointments ahead as it may. Its bookings are written one after the other.
CREATE FUNCTION require_fewer_bookings(client uuid, most int, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ' bookings ' || client, 0));
    IF (SELECT count(*) FROM appointments WHERE owner = client AND status = 'confirmed' AND ends_at > at) >= most THEN
        RAISE EXCEPTION 'the account has as many appointments as it may' USING ERRCODE = 'GU004';
    END IF;
END $$;

-- Raises GU005 if the account has as many patients as it may.
CREATE FUNCTION require_fewer_patients(client uuid, most int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ' patients ' || client, 0));
    IF (SELECT count(*) FROM patients WHERE account = client) >= most THEN
        RAISE EXCEPTION 'the account has as many patients as it may' USING ERRCODE = 'GU005';
    END IF;
END $$;

-- Raises GU006 if the account has recorded as many answers of a patient as it may.
CREATE FUNCTION require_fewer_consents(client uuid, person uuid, most int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ' consents ' || person, 0));
    IF (SELECT count(*) FROM consents WHERE patient = person AND recorded_by = client) >= most THEN
        RAISE EXCEPTION 'the account has recorded as many answers as it may' USING ERRCODE = 'GU006';
    END IF;
END $$;

-- Raises GU007 if the patient has another appointment in this time. Accounts' bookings of a patient are written one after
-- the other.
CREATE FUNCTION require_free_patient(
    person uuid, own uuid, begins timestamptz, ends timestamptz, at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ' times of ' || person, 0));
    PERFORM FROM appointments
    WHERE patient = person AND id <> own AND starts_at < ends AND ends_at > begins
        AND (status = 'confirmed' OR status = 'held' AND held_until > at);
    IF FOUND THEN
        RAISE EXCEPTION 'the patient has another appointment at this time' USING ERRCODE = 'GU007';
    END IF;
END $$;
