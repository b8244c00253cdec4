-- Counts on every card the pieces that buyers ordered since an instant and kept, and ranks by them.
-- Cancelled and refunded orders do not count, nor do pieces that came back or whose buyer withdrew,
-- as soon as that is said; a vendor's word never does. Only what became other is written.
-- Columns: none; the count of rows is that of places changed.
-- Asked nightly.
-- Index: none for orders and cards, which are all read; ix_return_line_order_line_id for returns,
-- ix_shelf_place_product_id for places of what changed.
WITH sold AS (
    SELECT l.product_ref, sum(l.quantity - coalesce(b.pieces, 0))::int AS pieces
    FROM marketplace.vendor_order o
    JOIN marketplace.order_line l ON l.vendor_order_id = o.id
    LEFT JOIN LATERAL (
\ir pieces_back.sql
    ) b ON true
    WHERE o.placed_at > :since AND o.state NOT IN ('cancelled', 'refunded')
    GROUP BY l.product_ref
), new AS (
    SELECT c.product_id, coalesce(s.pieces, 0) AS pieces
    FROM marketplace.product_card c LEFT JOIN sold s ON s.product_ref = c.ref
    WHERE c.popularity <> coalesce(s.pieces, 0)
    ORDER BY c.product_id FOR UPDATE OF c
), changed AS (
    UPDATE marketplace.product_card c
    SET popularity = new.pieces, version = nextval('marketplace.card_version'),
        rank = c.rank - least(greatest(c.popularity, 0), 100000) + least(new.pieces, 100000)
    FROM new WHERE new.product_id = c.product_id
    RETURNING c.product_id, c.rank
)
UPDATE marketplace.shelf_place p SET rank = changed.rank
FROM changed WHERE changed.product_id = p.product_id
