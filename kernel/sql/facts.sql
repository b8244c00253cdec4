-- Writes what a unit of work told, in its order, each with one delivery for each of its hearers.
-- Piece of: told, told_and_audited.
told AS (
    SELECT * FROM ROWS FROM (
        jsonb_to_recordset(CAST(:facts AS jsonb)) AS (
            id uuid, name text, payload jsonb, request_id text, traceparent text, hearers jsonb
        )
    ) WITH ORDINALITY AS t (id, name, payload, request_id, traceparent, hearers, place)
),
fact AS (
    INSERT INTO kernel.outbox (id, name, payload, created_at, request_id, traceparent)
    SELECT id, name, payload, clock_timestamp(), nullif(request_id, '-'), nullif(traceparent, '')
    FROM told ORDER BY place
),
sent AS (
    INSERT INTO kernel.delivery (event_id, handler, queue, due_at)
    SELECT told.id, h.handler, h.queue, clock_timestamp()
    FROM told, jsonb_to_recordset(told.hearers) AS h (handler text, queue text)
)
