-- Joining a line as Queue does it: what it reads in one pipeline, what it writes in another one, both in one transaction.
-- What stands in double braces is a value, bound there and computed here; `sql.py` refuses to measure when the rest is not,
-- statement by statement, what the service sends.
\set n :n + 1
\set k :n * :clients + :client_id
\set q :k % :queues
\set number :last + 1 + :k / :queues
\set ticket :q * 100000 + :number
\startpipeline
BEGIN;
SELECT set_config('search_path', {{:schema}}, true);
SELECT id, name, number_prefix, number_digits, capacity, near_at, expected_visit_minutes, recall_limit, return_behind,
    accepts_other_tickets, is_open, message, day::text AS day, last_number, line_version, join_generation,
    version, (SELECT number FROM generation) AS generation
FROM queues WHERE id IN ({{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid) ORDER BY id FOR UPDATE;
SELECT queue, id, label, is_in_service FROM counters
WHERE queue IN ({{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid) AND NOT is_removed ORDER BY queue, id;
(SELECT id, queue, day::text AS day, number, token_digest, source, care_type, appointment, joined_at, status, place,
    priority, counter, called_at, last_called_at, recalls, served_at, ended_at, returns, is_near, successor,
    undo_state, undo_until, undo_by_patient
FROM tickets WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND status IN ('called', 'serving'))
UNION ALL (SELECT id, queue, day::text AS day, number, token_digest, source, care_type, appointment, joined_at, status, place,
    priority, counter, called_at, last_called_at, recalls, served_at, ended_at, returns, is_near, successor,
    undo_state, undo_until, undo_by_patient
FROM tickets WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND status = 'waiting'
ORDER BY place, id
LIMIT (SELECT greatest(near_at, return_behind) + 3 FROM queues
    WHERE id = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid))
UNION ALL (SELECT id, queue, day::text AS day, number, token_digest, source, care_type, appointment, joined_at, status, place,
    priority, counter, called_at, last_called_at, recalls, served_at, ended_at, returns, is_near, successor,
    undo_state, undo_until, undo_by_patient
FROM tickets WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid
    AND request = {{sha256(convert_to('request' || :k, 'UTF8'))}});
(SELECT t.queue, t.id, t.number, c.label, t.last_called_at, t.recalls
FROM tickets t LEFT JOIN counters c ON c.id = t.counter
WHERE t.queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND t.last_called_at > {{now() - interval '1 hour'}}
ORDER BY t.last_called_at DESC LIMIT {{8}});
(SELECT queue, ended_at, extract(epoch FROM ended_at - coalesce(served_at, called_at, ended_at))::int AS seconds
FROM tickets
WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND status = 'finished'
    AND ended_at > {{now() - interval '12 hours'}}
ORDER BY ended_at DESC LIMIT {{20}});
WITH same AS (
    SELECT id, place, fingerprint FROM tickets
    WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid
        AND request = {{sha256(convert_to('request' || :k, 'UTF8'))}}::bytea
), former AS (
    SELECT id, place, queue FROM tickets
    WHERE token_digest = {{NULL}}::bytea AND status IN ('waiting', 'called', 'serving', 'held', 'missed')
), present AS (
    SELECT id, place FROM same UNION ALL
    SELECT id, place FROM former WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid
), waiting AS (
    SELECT id, place FROM tickets
    WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND status = 'waiting'
)
SELECT (SELECT id FROM same) AS same,
    coalesce((SELECT fingerprint = {{sha256(convert_to('body' || :k, 'UTF8'))}}::bytea FROM same), true) AS is_same,
    (SELECT id FROM former WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid) AS former,
    EXISTS (SELECT FROM former WHERE queue <> {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid) AS is_elsewhere,
    (SELECT count(*) FROM waiting WHERE (place, id) < (SELECT place, id FROM present LIMIT 1)) AS before,
    (SELECT count(*) FROM tickets WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid
        AND status IN ('waiting', 'called', 'serving', 'held', 'missed')) AS open,
    count(*) AS waiting,
    coalesce(array_agg(place) FILTER (WHERE place > {{(extract(epoch FROM now()) * 1000)::bigint}}), '{}') AS behind
FROM waiting;
\endpipeline
\startpipeline
INSERT INTO wait_estimates (ticket, at_least, at_most)
VALUES ({{('00000003-0000-7000-a000-' || lpad(:ticket, 12, '0'))::uuid}}, {{20}}, {{40}})
ON CONFLICT DO NOTHING;
INSERT INTO tickets (id, queue, day, number, token_digest, source, request, fingerprint, name, care_type,
    appointment, joined_at, status, place, priority, counter, called_at, last_called_at, recalls, served_at,
    ended_at, returns, is_near, successor, undo_state, undo_until, undo_by_patient)
VALUES ({{('00000003-0000-7000-a000-' || lpad(:ticket, 12, '0'))::uuid}},
    {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))::uuid}}, {{:day}}::date, {{:number}},
    {{sha256(convert_to('token' || :k, 'UTF8'))}}, {{'code'}}, {{sha256(convert_to('request' || :k, 'UTF8'))}},
    {{sha256(convert_to('body' || :k, 'UTF8'))}}, {{NULL}}, {{NULL}},
    {{NULL}}, {{now()}}, {{'waiting'}}, {{(extract(epoch FROM now()) * 1000)::bigint}}, {{'normal'}},
    {{NULL}}, {{NULL}}, {{NULL}}, {{0}}, {{NULL}}, {{NULL}}, {{0}}, {{false}}, {{NULL}}, {{NULL}}, {{NULL}}, {{NULL}})
ON CONFLICT (id) DO UPDATE SET status = excluded.status, place = excluded.place,
    priority = excluded.priority, counter = excluded.counter, called_at = excluded.called_at,
    last_called_at = excluded.last_called_at, recalls = excluded.recalls, served_at = excluded.served_at,
    ended_at = excluded.ended_at, returns = excluded.returns, is_near = excluded.is_near,
    successor = excluded.successor, undo_state = excluded.undo_state, undo_until = excluded.undo_until,
    undo_by_patient = excluded.undo_by_patient;
INSERT INTO line_transitions (queue, version, verb, at, ticket, status, counter, priority, actor, actor_id)
SELECT {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid, version, verb, {{now()}}::timestamptz,
    nullif(ticket, '')::uuid, nullif(status, ''),
    nullif(counter, '')::uuid, nullif(priority, ''), {{'patient'}}::text, {{NULL}}::uuid
FROM unnest({{ARRAY[:ticket]}}::bigint[], {{ARRAY['joined']}}::text[],
    {{ARRAY['00000003-0000-7000-a000-' || lpad(:ticket, 12, '0')]}}::text[],
    {{ARRAY['waiting']}}::text[],
    {{ARRAY['']}}::text[],
    {{ARRAY['normal']}}::text[])
    AS news (version, verb, ticket, status, counter, priority);
UPDATE queues SET is_open = {{true}}, message = {{NULL}}, day = {{:day}}::date,
    last_number = {{:number}}, line_version = {{:number}},
    version = version + {{0}}::int
WHERE id = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))::uuid}};
INSERT INTO outbox (event_id, aggregate, version, routing_key, body, headers)
SELECT event_id, aggregate, version, routing_key, body, nullif(headers, '')
FROM unnest({{ARRAY['04000000-0000-7000-8000-' || lpad(:k, 12, '0')]}}::uuid[],
    {{ARRAY['line/00000003-0000-7000-8000-' || lpad(:q, 12, '0')]}}::text[],
    {{ARRAY[:ticket]}}::bigint[], {{ARRAY[:joined_key]}}::text[], {{ARRAY[:joined]}}::text[],
    {{ARRAY[:headers]}}::text[]) WITH ORDINALITY
    AS news (event_id, aggregate, version, routing_key, body, headers, place)
ORDER BY place;
SELECT CASE WHEN clock_timestamp() > {{(now() + interval '30 s')}}::timestamptz
    THEN refuse_late_commit() END;
COMMIT;
\endpipeline
