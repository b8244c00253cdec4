-- All goods that the front page may show, as one reader sees them: `part` says for what, `nth` in
-- which order. Goods that stand for two parts come twice.
-- Columns: part, nth, lowest_minor and reduced_at (of price drops), then those of a card.
-- Asked by the front page, once in ten seconds for readers of a kind.
-- Index: ix_product_card_featured, ix_shelf_place_rank, ix_shelf_place_listed, uq_category_key,
-- ix_price_drop_reduced, then pk_product_card and pk_card_dues.
WITH places AS (
    (SELECT 'picked' AS part, o.featured_rank::bigint AS nth, o.product_id,
        NULL::bigint AS lowest_minor, NULL::timestamptz AS reduced_at
    FROM marketplace.product_card o WHERE o.featured_rank > 0
    ORDER BY o.featured_rank LIMIT :picked)
    UNION ALL
    (SELECT 'ordered', row_number() OVER (ORDER BY p.rank DESC, p.product_id DESC), p.product_id,
        NULL, NULL
    FROM marketplace.shelf_place p WHERE p.category_id = 0
    ORDER BY p.rank DESC, p.product_id DESC LIMIT :ordered)
    UNION ALL
    (SELECT 'newest', row_number() OVER (ORDER BY p.listed_at DESC, p.product_id DESC),
        p.product_id, NULL, NULL
    FROM marketplace.shelf_place p WHERE p.category_id = 0
    ORDER BY p.listed_at DESC, p.product_id DESC LIMIT :newest)
    UNION ALL
    -- The first of each shelf, then the second of each, in the order of the shelves asked for.
    SELECT 'season', x.turn * 1000 + array_position(CAST(:keys AS text[]), g.key), x.product_id,
        NULL, NULL
    FROM marketplace.category g CROSS JOIN LATERAL (
        SELECT p.product_id, row_number() OVER (ORDER BY p.rank DESC, p.product_id DESC) AS turn
        FROM marketplace.shelf_place p WHERE p.category_id = g.id
        ORDER BY p.rank DESC, p.product_id DESC LIMIT :of_each
    ) x WHERE g.key = ANY(CAST(:keys AS text[]))
    UNION ALL
    (SELECT 'reduced', row_number() OVER (ORDER BY d.reduced_at DESC, d.product_id DESC),
        d.product_id, d.lowest_minor, d.reduced_at
    FROM marketplace.price_drop d JOIN marketplace.product_card o USING (product_id)
    WHERE d.currency = :currency AND d.reduced_at >= :since
        AND o.in_stock AND CAST(:country AS text) <> ALL(o.away)
    ORDER BY d.reduced_at DESC, d.product_id DESC LIMIT :reduced)
)
SELECT s.part, s.nth, s.lowest_minor, s.reduced_at,
\ir product_card.sql
FROM places s
JOIN marketplace.product_card c USING (product_id)
LEFT JOIN marketplace.card_dues d USING (product_id)
ORDER BY s.part, s.nth
