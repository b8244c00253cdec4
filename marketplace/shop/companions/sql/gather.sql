-- Writes down which goods several shoppers had together in carts or orders since an instant.
-- Carts without an account say nothing: whoever wants two goods to stand together fills three.
-- Cancelled and refunded orders say nothing, nor do lines of which every piece came back, or whose
-- buyer withdrew.
-- Columns: none; the count of rows is that of pairs.
-- Asked once a night, after the pairs of the night before were dropped.
-- Index: none, lines of carts and orders since then are all read; ix_return_line_order_line_id for
-- returns.
INSERT INTO marketplace.product_pair (product_id, other_id, shoppers)
WITH taken AS (
    SELECT g.person_id AS shopper, l.offer_id
    FROM marketplace.order_group g
    JOIN marketplace.vendor_order o ON o.group_id = g.id
    JOIN marketplace.order_line l ON l.vendor_order_id = o.id
    LEFT JOIN LATERAL (
\ir ../../listing_index/sql/pieces_back.sql
    ) b ON true
    WHERE g.placed_at >= :since AND o.state NOT IN ('cancelled', 'refunded')
        AND l.quantity > coalesce(b.pieces, 0)
    UNION
    SELECT c.person_id, l.offer_id
    FROM marketplace.cart c
    JOIN kernel.person p ON p.id = c.person_id AND p.guest_email IS NULL
    JOIN marketplace.cart_line l ON l.cart_id = c.id
    WHERE l.added_at >= :since
), baskets AS (
    SELECT DISTINCT t.shopper, v.product_id
    FROM taken t
    JOIN marketplace.offer f ON f.id = t.offer_id
    JOIN marketplace.variant v ON v.id = f.variant_id
), telling AS (
    SELECT shopper FROM baskets GROUP BY shopper HAVING count(*) BETWEEN 2 AND :most_taken
), counted AS (
    SELECT a.product_id, b.product_id AS other_id, count(*) AS shoppers
    FROM telling t
    JOIN baskets a ON a.shopper = t.shopper
    JOIN baskets b ON b.shopper = t.shopper AND b.product_id <> a.product_id
    GROUP BY a.product_id, b.product_id HAVING count(*) >= :fewest
), ranked AS (
    SELECT c.*, row_number() OVER (
        PARTITION BY c.product_id ORDER BY c.shoppers DESC, c.other_id) AS place
    FROM counted c
)
SELECT product_id, other_id, shoppers FROM ranked WHERE place <= :kept
