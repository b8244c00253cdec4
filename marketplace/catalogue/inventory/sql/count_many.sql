-- Sets the pieces of many offers as counted, never below what is claimed, with their movements.
-- Columns: offer_id of those whose pieces are new or other than before.
-- Asked by every import of goods, once a batch, last.
-- Index: pk_stock_level.
WITH new AS (
    SELECT g.offer_id, c.on_hand, coalesce(l.on_hand, 0) AS was
    FROM unnest(CAST(:offer_ids AS bigint[]), CAST(:counted AS int[])) AS g (offer_id, counted)
    LEFT JOIN marketplace.stock_level l USING (offer_id)
    CROSS JOIN LATERAL (
        SELECT greatest(g.counted, coalesce(l.reserved + l.allocated, 0)) AS on_hand
    ) c
    WHERE l.on_hand IS DISTINCT FROM c.on_hand
), moved AS (
    INSERT INTO marketplace.stock_movement
        (offer_id, kind, on_hand, reserved, allocated, subject, moved_at)
    SELECT offer_id, 'count', on_hand - was, 0, 0, :subject, :now FROM new
), put AS (
    INSERT INTO marketplace.stock_level (offer_id, on_hand) SELECT offer_id, on_hand FROM new
    ON CONFLICT (offer_id) DO UPDATE
    SET on_hand = excluded.on_hand, version = stock_level.version + 1
)
SELECT offer_id FROM new
