-- The calendar: who and what can be booked, and when. It changes seldom and is read with every request, so each process
-- keeps a copy that is good for one calendar version.
CREATE TABLE calendar (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint  NOT NULL DEFAULT 1,
    -- The clinic's rules; bounds are checked by the domain.
    slot_grid_minutes           int NOT NULL DEFAULT 15,
    lead_time_minutes           int NOT NULL DEFAULT 30,
    horizon_days                int NOT NULL DEFAULT 90,
    hold_lifetime_seconds       int NOT NULL DEFAULT 300,
    holds_per_client            int NOT NULL DEFAULT 3,
    concurrent_bookings         int NOT NULL DEFAULT 50,
    bookings_per_minute         int NOT NULL DEFAULT 6000,
    cancellation_cut_off_minutes int NOT NULL DEFAULT 120
);
INSERT INTO calendar DEFAULT VALUES;

CREATE TABLE resources (
    id        uuid    PRIMARY KEY,
    kind      text    NOT NULL CHECK (kind IN ('practitioner', 'room')),
    name      text    NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    is_active boolean NOT NULL DEFAULT true,
    version   bigint  NOT NULL DEFAULT 1
);

-- The weekly plan: minutes of the local day, weekday 1 is Monday as in ISO 8601.
CREATE TABLE opening_hours (
    resource uuid NOT NULL REFERENCES resources,
    weekday  int  NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens    int  NOT NULL CHECK (opens >= 0),
    closes   int  NOT NULL CHECK (closes <= 1440),
    CHECK (opens < closes),
    PRIMARY KEY (resource, weekday, opens)
);

-- Days on which other hours hold; a day without intervals is closed.
CREATE TABLE exceptions (
    resource uuid NOT NULL REFERENCES resources,
    day      date NOT NULL,
    reason   text,
    PRIMARY KEY (resource, day)
);

CREATE TABLE exception_hours (
    resource uuid NOT NULL,
    day      date NOT NULL,
    opens    int  NOT NULL CHECK (opens >= 0),
    closes   int  NOT NULL CHECK (closes <= 1440),
    CHECK (opens < closes),
    PRIMARY KEY (resource, day, opens),
    FOREIGN KEY (resource, day) REFERENCES exceptions ON DELETE CASCADE
);

CREATE TABLE holidays (
    day  date PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120)
);

CREATE TABLE care_types (
    care_type        text    PRIMARY KEY,
    duration_minutes int     NOT NULL CHECK (duration_minutes BETWEEN 15 AND 180),
    buffer_before    int     NOT NULL DEFAULT 0,
    buffer_after     int     NOT NULL DEFAULT 0,
    needs_room       boolean NOT NULL DEFAULT false,
    version          bigint  NOT NULL DEFAULT 1
);

-- Who gives a care and where; rooms in their order of preference.
CREATE TABLE care_type_resources (
    care_type text NOT NULL REFERENCES care_types ON DELETE CASCADE,
    resource  uuid NOT NULL REFERENCES resources,
    rank      int  NOT NULL,
    PRIMARY KEY (care_type, resource)
);

-- Name, phone and e-mail are one encrypted document; they are found by keyed digests only.
CREATE TABLE patients (
    id          uuid        PRIMARY KEY,
    contact     bytea,
    phone_index bytea,
    name_index  bytea,
    email_index bytea,
    account     uuid,
    erased_at   timestamptz,
    version     bigint      NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT patients_are_known_or_erased CHECK ((contact IS NULL) = (erased_at IS NOT NULL)),
    -- A family shares a telephone; the same name with the same telephone is the same person.
    CONSTRAINT patients_once UNIQUE (phone_index, name_index)
);
CREATE INDEX patients_by_account ON patients (account) WHERE account IS NOT NULL;
CREATE INDEX patients_by_email ON patients (email_index) WHERE email_index IS NOT NULL;

-- Every answer ever given; it outlives an erasure as the proof of what was allowed.
CREATE TABLE consents (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient     uuid        NOT NULL REFERENCES patients,
    purpose     text        NOT NULL,
    is_granted  boolean     NOT NULL,
    version     int         NOT NULL,
    given_at    timestamptz NOT NULL,
    recorded_by uuid
);
CREATE INDEX consents_by_patient ON consents (patient, id);

CREATE TABLE appointments (
    id           uuid        PRIMARY KEY,
    care_type    text        NOT NULL,
    practitioner uuid        NOT NULL REFERENCES resources,
    room         uuid        REFERENCES resources,
    patient      uuid        REFERENCES patients,
    -- The appointment itself, and what it takes with its buffers.
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    blocked_from timestamptz NOT NULL,
    blocked_to   timestamptz NOT NULL,
    status       text        NOT NULL,
    held_until   timestamptz,
    -- The account that took it: patients see their own.
    owner        uuid        NOT NULL,
    version      bigint      NOT NULL,
    sequence     int         NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK (blocked_from <= starts_at AND starts_at < ends_at AND ends_at <= blocked_to),
    CONSTRAINT appointments_hold_has_an_end CHECK ((status = 'held') = (held_until IS NOT NULL)),
    CONSTRAINT appointments_have_a_patient CHECK (patient IS NOT NULL OR status IN ('held', 'cancelled', 'expired'))
);
CREATE INDEX appointments_by_start ON appointments (starts_at, id);
CREATE INDEX appointments_by_practitioner ON appointments (practitioner, starts_at);
CREATE INDEX appointments_by_patient ON appointments (patient) WHERE patient IS NOT NULL;
CREATE INDEX appointments_by_owner ON appointments (owner, starts_at);
CREATE INDEX appointments_held ON appointments (held_until) WHERE status = 'held';

-- What is taken, buffers included: one row a resource. This constraint alone decides who gets a slot. An empty range
-- would slip through it, hence the check.
CREATE TABLE allocations (
    resource    uuid      NOT NULL REFERENCES resources,
    during      tstzrange NOT NULL CHECK (NOT isempty(during)),
    appointment uuid      NOT NULL,
    -- When the hold behind it lapses; null for a confirmed appointment.
    expires_at  timestamptz,
    PRIMARY KEY (appointment, resource),
    CONSTRAINT allocations_do_not_overlap EXCLUDE USING gist (resource WITH =, during WITH &&)
);

-- Everything that ever happened to an appointment. Its key is also the lock of writers: two that believe to write the
-- same version cannot both be right.
CREATE TABLE appointment_history (
    appointment  uuid        NOT NULL,
    version      bigint      NOT NULL,
    event        text        NOT NULL,
    at           timestamptz NOT NULL,
    actor        text        NOT NULL,
    actor_id     uuid,
    reason       text,
    status       text        NOT NULL,
    practitioner uuid        NOT NULL,
    room         uuid,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    CONSTRAINT appointment_history_one_fact_per_version PRIMARY KEY (appointment, version)
);

-- Who read or changed a patient's data (never what it says).
CREATE TABLE access_audit (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    actor    uuid        NOT NULL,
    role     text        NOT NULL,
    action   text        NOT NULL,
    patient  uuid        NOT NULL,
    trace_id text
);
CREATE INDEX access_audit_by_patient ON access_audit (patient, id);
