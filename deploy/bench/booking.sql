-- Booking an appointment as Booking does it: what it reads in one pipeline, what it writes in another one, each a
-- transaction. What stands in double braces is a value, bound there and computed here; `sql.py` refuses to measure when
-- the rest is not, statement by statement, what the service sends.
\set n :n + 1
\set k :n * :clients + :client_id
\set slot (:k * :step) % :slots
\set practitioner :slot % :practitioners
\set start :first + :slot / :practitioners / 40 * 86400 + :slot / :practitioners % 40 * 900
\startpipeline
SELECT set_config('search_path', {{:schema}}, true);
SELECT version, (SELECT number FROM generation) AS generation FROM calendar;
SELECT resource, lower(during) AS from_, upper(during) AS to_ FROM allocations
WHERE during && tstzrange({{to_timestamp(:start - 7200)}}, {{to_timestamp(:start + 18000)}})
    AND (expires_at IS NULL OR expires_at > {{now()}})
    AND appointment IS DISTINCT FROM {{NULL}}::uuid AND resource = ANY (ARRAY(
        SELECT id FROM resources WHERE {{('03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0'))::uuid}}::uuid IS NULL
            OR id = {{('03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0'))::uuid}} OR kind = 'room'));
SELECT id, account, erased_at IS NOT NULL AS is_erased,
    (SELECT string_agg(other.id::text, ' ' ORDER BY other.starts_at, other.id) FROM appointments AS other
        WHERE other.patient = patients.id AND other.starts_at < {{to_timestamp(:start)}}::timestamptz
                + make_interval(mins => (SELECT duration_minutes FROM care_types WHERE care_type = {{:care}}))
            AND other.ends_at > {{to_timestamp(:start)}}::timestamptz
            AND (other.status = 'confirmed' OR other.status = 'held' AND other.held_until > {{now()}})
            AND other.id IS DISTINCT FROM {{NULL}}::uuid) AS simultaneous
FROM patients WHERE phone_index = {{sha256(convert_to('phone' || :k, 'UTF8'))}}
    AND name_index IN ({{sha256(convert_to('name' || :k, 'UTF8'))}}, {{sha256(convert_to('writing' || :k, 'UTF8'))}})
    AND (account IS NULL OR linked_at IS NOT NULL)
ORDER BY linked_at IS NOT NULL DESC, name_index = {{sha256(convert_to('name' || :k, 'UTF8'))}} DESC, id LIMIT 1;
SELECT fingerprint, body FROM idempotency_keys WHERE scope = {{:scope}} AND key = {{lpad(:k, 36, 'k')}};
\endpipeline
\startpipeline
SELECT set_config('search_path', {{:schema}}, true);
SELECT claim_idempotency_key({{:scope}}, {{lpad(:k, 36, 'k')}});
SELECT require_calendar(-1) FROM generation WHERE number <> {{1}};
SELECT require_calendar({{:calendar}});
INSERT INTO patients (id, contact, phone_index, name_index, name_rule, name_beginnings, email_index, account)
VALUES ({{('02000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}}, {{:contact}}, {{sha256(convert_to('phone' || :k, 'UTF8'))}},
    {{sha256(convert_to('name' || :k, 'UTF8'))}}, {{2}}::smallint,
    {{ARRAY(SELECT hashint8extended(:k, i) FROM generate_series(1, 8) AS i)}}::bigint[], {{NULL}}, {{NULL}})
RETURNING version, (SELECT number FROM generation) AS generation;
INSERT INTO access_audit (actor, role, action, patient, trace_id)
SELECT {{:owner}}::uuid, {{'staff'}}, {{'created'}}, id, {{lpad(:k, 32, '0')}} FROM patients
WHERE id = {{('02000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}};
INSERT INTO appointments (id, care_type, practitioner, room, patient, starts_at, ends_at, blocked_from,
    blocked_to, status, held_until, owner, version, sequence, created_at, updated_at)
VALUES ({{('01000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}}, {{:care}},
    {{('03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0'))::uuid}}, {{NULL}},
    {{('02000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}},
    {{to_timestamp(:start)}}, {{to_timestamp(:start + 900)}}, {{to_timestamp(:start)}}, {{to_timestamp(:start + 900)}},
    {{'confirmed'}}, {{NULL}}, {{:owner}}, {{1}}, {{0}}, {{now()}}, {{now()}})
ON CONFLICT (id) DO UPDATE SET practitioner = excluded.practitioner, room = excluded.room,
    patient = excluded.patient, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    blocked_from = excluded.blocked_from, blocked_to = excluded.blocked_to, status = excluded.status,
    held_until = excluded.held_until, version = excluded.version, sequence = excluded.sequence,
    updated_at = excluded.updated_at;
INSERT INTO appointment_history (appointment, version, event, at, actor, actor_id, reason, status,
    practitioner, room, starts_at, ends_at)
VALUES ({{('01000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}}, {{1}}, {{'confirmed'}}, {{now()}}, {{'staff'}},
    {{:owner}}, {{NULL}}, {{'confirmed'}}, {{('03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0'))::uuid}},
    {{NULL}}, {{to_timestamp(:start)}}, {{to_timestamp(:start + 900)}});
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || resource, 0))
FROM (SELECT unnest({{ARRAY['03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0')]}}::uuid[]) AS resource
    ORDER BY 1) AS ordered;
DELETE FROM allocations WHERE resource = ANY ({{ARRAY['03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0')]}}::uuid[])
    AND during && tstzrange({{to_timestamp(:start)}}, {{to_timestamp(:start + 900)}}) AND expires_at <= {{now()}};
DELETE FROM allocations WHERE appointment = {{('01000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}};
INSERT INTO allocations (resource, during, appointment, expires_at)
VALUES ({{('03000000-0000-7000-8000-' || lpad(:practitioner, 12, '0'))}}::uuid,
    tstzrange({{to_timestamp(:start)}}, {{to_timestamp(:start + 900)}}),
    {{('01000000-0000-7000-8000-' || lpad(:k, 12, '0'))}}::uuid, {{NULL}}::timestamptz);
INSERT INTO outbox (event_id, aggregate, version, routing_key, body, headers)
VALUES ({{('04000000-0000-7000-8000-' || lpad(:k, 12, '0'))::uuid}}, {{'appointment/01000000-0000-7000-8000-' || lpad(:k, 12, '0')}}, {{1}},
    {{:routing_key}}, {{:event}}, {{:headers}});
INSERT INTO idempotency_keys (scope, key, fingerprint, body)
VALUES ({{:scope}}, {{lpad(:k, 36, 'k')}}, {{sha256(convert_to('body' || :k, 'UTF8'))}}, {{:answer}});
SELECT CASE WHEN clock_timestamp() > {{(now() + interval '30 s')}}::timestamptz
    THEN refuse_late_commit() END;
\endpipeline
