-- Sets the pieces of staged goods as counted, never below what is claimed, with their movements.
-- Columns: none; changed_product takes their products.
-- Asked by every import of goods, once a batch, last.
-- Index: uq_variant_product_key, ix_offer_variant_id, pk_stock_level.
WITH counted AS (
    SELECT o.id AS offer_id, s.product_id, v.stock, l.on_hand,
        l.reserved + l.allocated AS claimed
    FROM staged_product s, marketplace.variant w, marketplace.offer o
        LEFT JOIN marketplace.stock_level l ON l.offer_id = o.id,
        jsonb_to_recordset(s.variants) AS v
\ir staged_variants.sql
    WHERE w.product_id = s.product_id AND w.key = v.key
        AND o.variant_id = w.id AND o.vendor_id = s.vendor_id
), new AS (
    SELECT offer_id, product_id, greatest(stock, coalesce(claimed, 0)) AS on_hand,
        coalesce(on_hand, 0) AS was
    FROM counted WHERE on_hand IS DISTINCT FROM greatest(stock, coalesce(claimed, 0))
), moved AS (
    INSERT INTO marketplace.stock_movement
        (offer_id, kind, on_hand, reserved, allocated, subject, moved_at)
    SELECT offer_id, 'count', on_hand - was, 0, 0, 'import', :now FROM new
), put AS (
    INSERT INTO marketplace.stock_level (offer_id, on_hand) SELECT offer_id, on_hand FROM new
    ON CONFLICT (offer_id) DO UPDATE
    SET on_hand = excluded.on_hand, version = stock_level.version + 1
)
INSERT INTO changed_product SELECT product_id FROM new
