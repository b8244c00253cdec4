-- Stores levels as they are from here on, and writes down by how many pieces each changed.
-- Piece of: move, keep and settle. Levels are locked by whoever asks.
-- Index: pk_stock_level.
new AS (
    SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:on_hand AS int[]),
        CAST(:reserved AS int[]), CAST(:allocated AS int[]))
        AS n (offer_id, on_hand, reserved, allocated)
), moved AS (
    INSERT INTO marketplace.stock_movement
        (offer_id, kind, on_hand, reserved, allocated, subject, moved_at)
    SELECT n.offer_id, :kind, n.on_hand - s.on_hand, n.reserved - s.reserved,
        n.allocated - s.allocated, :subject, :now
    FROM new n JOIN marketplace.stock_level s USING (offer_id)
), stored AS (
    UPDATE marketplace.stock_level s
    SET on_hand = new.on_hand, reserved = new.reserved, allocated = new.allocated,
        version = s.version + 1
    FROM new WHERE s.offer_id = new.offer_id
)
