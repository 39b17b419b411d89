-- A queue and the state of its line. Every change of the line locks this row first, so that numbers, order and versions
-- have no gaps and no two counters call one ticket.
CREATE TABLE queues (
    id                     uuid    PRIMARY KEY,
    name                   text    NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    number_prefix          text    NOT NULL,
    number_digits          int     NOT NULL,
    capacity               int     NOT NULL,
    near_at                int     NOT NULL,
    expected_visit_minutes int,
    recall_limit           int     NOT NULL,
    return_behind          int     NOT NULL,
    accepts_other_tickets  boolean NOT NULL,
    is_open                boolean NOT NULL DEFAULT false,
    message                text CHECK (length(message) BETWEEN 1 AND 280),
    -- The last number and its day on the calendar of the tenant.
    day                    date,
    last_number            int     NOT NULL DEFAULT 0,
    -- Join tokens of earlier generations are void.
    join_generation        int     NOT NULL DEFAULT 1,
    -- The number of the last event of the line.
    line_version           bigint  NOT NULL DEFAULT 0,
    -- Counts the changes of the settings.
    version                bigint  NOT NULL DEFAULT 1
);

CREATE TABLE counters (
    id            uuid    PRIMARY KEY,
    queue         uuid    NOT NULL REFERENCES queues,
    label         text    NOT NULL CHECK (length(label) BETWEEN 1 AND 40),
    is_in_service boolean NOT NULL,
    is_removed    boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX counters_have_labels_of_their_own ON counters (queue, label) WHERE NOT is_removed;

CREATE TABLE tickets (
    id             uuid        PRIMARY KEY,
    queue          uuid        NOT NULL REFERENCES queues,
    day            date        NOT NULL,
    number         int         NOT NULL CHECK (number > 0),
    -- SHA-256 of the secret that opens the ticket to its patient.
    token_digest   bytea       NOT NULL,
    source         text        NOT NULL CHECK (source IN ('code', 'desk', 'appointment', 'transfer')),
    -- Keyed digest of the Idempotency-Key of a request without a token, and of the request.
    request        bytea,
    fingerprint    bytea,
    -- Encrypted; removed a day after the ticket.
    name           bytea,
    care_type      text,
    appointment    uuid,
    joined_at      timestamptz NOT NULL,
    status         text        NOT NULL CHECK (status IN
        ('waiting', 'called', 'serving', 'held', 'missed', 'left', 'finished', 'transferred')),
    -- The place in the order of the line: milliseconds since 1970. Never renumbered.
    place          bigint      NOT NULL,
    priority       text        NOT NULL CHECK (priority IN ('normal', 'priority', 'urgent', 'appointment')),
    counter        uuid REFERENCES counters,
    called_at      timestamptz,
    last_called_at timestamptz,
    recalls        int         NOT NULL,
    served_at      timestamptz,
    ended_at       timestamptz,
    returns        int         NOT NULL,
    is_near        boolean     NOT NULL,
    successor      uuid,
    -- The state before the last change, and until when and by whom that can be undone.
    undo_state     text,
    undo_until     timestamptz,
    undo_by_patient boolean,
    CONSTRAINT tickets_have_one_number_a_day UNIQUE (queue, day, number),
    CONSTRAINT tickets_have_one_token UNIQUE (token_digest),
    CONSTRAINT tickets_join_once_a_request UNIQUE (queue, request),
    CONSTRAINT tickets_at_a_counter_name_it CHECK (status NOT IN ('called', 'serving') OR counter IS NOT NULL),
    CONSTRAINT tickets_end_once CHECK ((status IN ('left', 'finished', 'transferred')) = (ended_at IS NOT NULL))
);
-- A counter has one ticket at a time.
CREATE UNIQUE INDEX tickets_have_a_counter_alone ON tickets (counter) WHERE status IN ('called', 'serving');
CREATE INDEX tickets_in_line ON tickets (queue, place, id) WHERE status = 'waiting';
CREATE INDEX tickets_open ON tickets (queue, status)
    WHERE status IN ('waiting', 'called', 'serving', 'held', 'missed');
CREATE INDEX tickets_by_call ON tickets (queue, last_called_at) WHERE last_called_at IS NOT NULL;
CREATE INDEX tickets_by_visit ON tickets (queue, ended_at) WHERE status = 'finished';
CREATE INDEX tickets_with_a_name ON tickets (joined_at) WHERE name IS NOT NULL;

-- Everything that ever happened to a line, numbered like its events: the truth for statistics.
CREATE TABLE line_transitions (
    queue    uuid        NOT NULL REFERENCES queues,
    version  bigint      NOT NULL,
    verb     text        NOT NULL,
    at       timestamptz NOT NULL,
    ticket   uuid,
    -- The status of the ticket after the change, and its counter.
    status   text,
    counter  uuid,
    priority text,
    actor    text        NOT NULL CHECK (actor IN ('patient', 'staff', 'service_account', 'system')),
    actor_id uuid,
    CONSTRAINT line_transitions_are_numbered PRIMARY KEY (queue, version)
);
CREATE INDEX line_transitions_by_time ON line_transitions (queue, at);
CREATE INDEX line_transitions_by_ticket ON line_transitions (ticket, version) WHERE ticket IS NOT NULL;
