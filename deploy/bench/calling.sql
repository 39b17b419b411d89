-- Calling the next ticket as Queue does it: the visit at the counter ends, the first that waits is called, and the turn of
-- the fourth is near. See joining.sql.
\set n :n + 1
\set k :n * :clients + :client_id
\set q :k % :queues
\set call :k / :queues
\set finished :q * 100000 + :called + :call
\set next :finished + 1
\set near :finished + 4
\startpipeline
BEGIN;
SELECT set_config('search_path', {{:schema}}, true);
SELECT claim_idempotency_key({{:scope}}, {{lpad(:k, 36, 'k')}});
SELECT fingerprint, body FROM idempotency_keys WHERE scope = {{:scope}} AND key = {{lpad(:k, 36, 'k')}};
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
    WHERE id = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid));
(SELECT t.queue, t.id, t.number, c.label, t.last_called_at, t.recalls
FROM tickets t LEFT JOIN counters c ON c.id = t.counter
WHERE t.queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND t.last_called_at > {{now() - interval '1 hour'}}
ORDER BY t.last_called_at DESC LIMIT {{8}});
(SELECT queue, ended_at, extract(epoch FROM ended_at - coalesce(served_at, called_at, ended_at))::int AS seconds
FROM tickets
WHERE queue = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid AND status = 'finished'
    AND ended_at > {{now() - interval '12 hours'}}
ORDER BY ended_at DESC LIMIT {{20}});
\endpipeline
\startpipeline
INSERT INTO tickets (id, queue, day, number, token_digest, source, request, fingerprint, name, care_type,
    appointment, joined_at, status, place, priority, counter, called_at, last_called_at, recalls, served_at,
    ended_at, returns, is_near, successor, undo_state, undo_until, undo_by_patient)
VALUES ({{('00000003-0000-7000-a000-' || lpad(:finished, 12, '0'))::uuid}},
    {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))::uuid}}, {{:day}}::date, {{1}},
    {{sha256('')}}, {{'code'}}, {{NULL}}, {{NULL}}, {{NULL}}, {{NULL}},
    {{NULL}}, {{now()}}, {{'finished'}}, {{(extract(epoch FROM now()) * 1000)::bigint}}, {{'normal'}},
    {{('00000003-0000-7000-9000-' || lpad(:q, 12, '0'))::uuid}},
    {{now()}}, {{now()}}, {{0}}, {{NULL}}, {{now()}}, {{0}}, {{true}}, {{NULL}},
    {{:undo}}, {{now() + interval '1 minute'}}, {{false}})
ON CONFLICT (id) DO UPDATE SET status = excluded.status, place = excluded.place,
    priority = excluded.priority, counter = excluded.counter, called_at = excluded.called_at,
    last_called_at = excluded.last_called_at, recalls = excluded.recalls, served_at = excluded.served_at,
    ended_at = excluded.ended_at, returns = excluded.returns, is_near = excluded.is_near,
    successor = excluded.successor, undo_state = excluded.undo_state, undo_until = excluded.undo_until,
    undo_by_patient = excluded.undo_by_patient;
INSERT INTO tickets (id, queue, day, number, token_digest, source, request, fingerprint, name, care_type,
    appointment, joined_at, status, place, priority, counter, called_at, last_called_at, recalls, served_at,
    ended_at, returns, is_near, successor, undo_state, undo_until, undo_by_patient)
VALUES ({{('00000003-0000-7000-a000-' || lpad(:near, 12, '0'))::uuid}},
    {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))::uuid}}, {{:day}}::date, {{1}},
    {{sha256('')}}, {{'code'}}, {{NULL}}, {{NULL}}, {{NULL}}, {{NULL}},
    {{NULL}}, {{now()}}, {{'waiting'}}, {{(extract(epoch FROM now()) * 1000)::bigint}}, {{'normal'}}, {{NULL}},
    {{NULL}}, {{NULL}}, {{0}}, {{NULL}}, {{NULL}}, {{0}}, {{true}}, {{NULL}},
    {{NULL}}, {{NULL}}, {{NULL}})
ON CONFLICT (id) DO UPDATE SET status = excluded.status, place = excluded.place,
    priority = excluded.priority, counter = excluded.counter, called_at = excluded.called_at,
    last_called_at = excluded.last_called_at, recalls = excluded.recalls, served_at = excluded.served_at,
    ended_at = excluded.ended_at, returns = excluded.returns, is_near = excluded.is_near,
    successor = excluded.successor, undo_state = excluded.undo_state, undo_until = excluded.undo_until,
    undo_by_patient = excluded.undo_by_patient;
INSERT INTO tickets (id, queue, day, number, token_digest, source, request, fingerprint, name, care_type,
    appointment, joined_at, status, place, priority, counter, called_at, last_called_at, recalls, served_at,
    ended_at, returns, is_near, successor, undo_state, undo_until, undo_by_patient)
VALUES ({{('00000003-0000-7000-a000-' || lpad(:next, 12, '0'))::uuid}},
    {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))::uuid}}, {{:day}}::date, {{1}},
    {{sha256('')}}, {{'code'}}, {{NULL}}, {{NULL}}, {{NULL}}, {{NULL}},
    {{NULL}}, {{now()}}, {{'called'}}, {{(extract(epoch FROM now()) * 1000)::bigint}}, {{'normal'}},
    {{('00000003-0000-7000-9000-' || lpad(:q, 12, '0'))::uuid}},
    {{now()}}, {{now()}}, {{0}}, {{NULL}}, {{NULL}}, {{0}}, {{true}}, {{NULL}},
    {{:undo}}, {{now() + interval '1 minute'}}, {{false}})
ON CONFLICT (id) DO UPDATE SET status = excluded.status, place = excluded.place,
    priority = excluded.priority, counter = excluded.counter, called_at = excluded.called_at,
    last_called_at = excluded.last_called_at, recalls = excluded.recalls, served_at = excluded.served_at,
    ended_at = excluded.ended_at, returns = excluded.returns, is_near = excluded.is_near,
    successor = excluded.successor, undo_state = excluded.undo_state, undo_until = excluded.undo_until,
    undo_by_patient = excluded.undo_by_patient;
INSERT INTO line_transitions (queue, version, verb, at, ticket, status, counter, priority, actor, actor_id)
SELECT {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))}}::uuid, version, verb, {{now()}}::timestamptz,
    nullif(ticket, '')::uuid, nullif(status, ''),
    nullif(counter, '')::uuid, nullif(priority, ''), {{'staff'}}::text, {{:staff}}::uuid
FROM unnest({{ARRAY[1000000000 + 3 * :next, 1000000001 + 3 * :next, 1000000002 + 3 * :next]}}::bigint[],
    {{ARRAY['finished', 'called', 'approached']}}::text[],
    {{ARRAY['00000003-0000-7000-a000-' || lpad(:finished, 12, '0'), '00000003-0000-7000-a000-' || lpad(:next, 12, '0'),
        '00000003-0000-7000-a000-' || lpad(:near, 12, '0')]}}::text[],
    {{ARRAY['finished', 'called', 'waiting']}}::text[],
    {{ARRAY['00000003-0000-7000-9000-' || lpad(:q, 12, '0'), '00000003-0000-7000-9000-' || lpad(:q, 12, '0'), '']}}::text[],
    {{ARRAY['normal', 'normal', 'normal']}}::text[])
    AS news (version, verb, ticket, status, counter, priority);
UPDATE queues SET is_open = {{true}}, message = {{NULL}}, day = {{:day}}::date,
    last_number = {{:last}}, line_version = {{1000000002 + 3 * :next}},
    version = version + {{0}}::int
WHERE id = {{('00000003-0000-7000-8000-' || lpad(:q, 12, '0'))::uuid}};
INSERT INTO outbox (event_id, aggregate, version, routing_key, body, headers)
SELECT event_id, aggregate, version, routing_key, body, nullif(headers, '')
FROM unnest({{ARRAY['05000000-0000-7000-8000-' || lpad(:k, 12, '0'), '06000000-0000-7000-8000-' || lpad(:k, 12, '0'),
        '07000000-0000-7000-8000-' || lpad(:k, 12, '0')]}}::uuid[],
    {{ARRAY['line/00000003-0000-7000-8000-' || lpad(:q, 12, '0'), 'line/00000003-0000-7000-8000-' || lpad(:q, 12, '0'),
        'line/00000003-0000-7000-8000-' || lpad(:q, 12, '0')]}}::text[],
    {{ARRAY[1000000000 + 3 * :next, 1000000001 + 3 * :next, 1000000002 + 3 * :next]}}::bigint[],
    {{ARRAY[:finished_key, :called_key, :approached_key]}}::text[],
    {{ARRAY[:finished_event, :called_event, :approached_event]}}::text[],
    {{ARRAY[:headers, :headers, :headers]}}::text[]) WITH ORDINALITY
    AS news (event_id, aggregate, version, routing_key, body, headers, place)
ORDER BY place;
INSERT INTO idempotency_keys (scope, key, fingerprint, body)
VALUES ({{:scope}}, {{lpad(:k, 36, 'k')}}, {{sha256(convert_to('body' || :k, 'UTF8'))}}, {{:answer}});
SELECT CASE WHEN clock_timestamp() > {{(now() + interval '30 s')}}::timestamptz
    THEN refuse_late_commit() END;
COMMIT;
\endpipeline
