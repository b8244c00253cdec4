-- Writes which of some cards' prices are reduced, and what the lowest price was in the thirty days
-- before: for each currency that the featured offer's vendor typed, and by no rate.
-- Columns: none; the count of rows is that of prices reduced.
-- Asked after every change of goods or offers, and by the rebuilding of all shelves.
-- Index: pk_product_card, then ix_offer_price_record_offer_id for each card's one offer.
-- Source: Directive 98/6/EC article 6a, as rules.struck_price of the offers says it.
WITH typed AS (
    SELECT c.product_id, c.offer_id, k.currency FROM marketplace.product_card c
    CROSS JOIN LATERAL (
        SELECT c.currency UNION SELECT jsonb_object_keys(c.own_prices)
    ) k (currency)
    WHERE c.product_id = ANY(CAST(:ids AS bigint[]))
), history AS (
    SELECT t.product_id, t.currency, r.price_minor, r.valid_from,
        lead(r.valid_from) OVER following AS ended_at, count(*) OVER following AS nth,
        count(*) OVER (PARTITION BY r.offer_id, r.currency) AS prices
    FROM typed t
    JOIN marketplace.offer_price_record r ON r.offer_id = t.offer_id AND r.currency = t.currency
    WINDOW following AS (PARTITION BY r.offer_id, r.currency ORDER BY r.valid_from, r.id)
), latest AS (
    SELECT product_id, currency, price_minor, valid_from FROM history
    WHERE nth = prices AND prices > 1
)
INSERT INTO marketplace.price_drop (product_id, currency, lowest_minor, reduced_at)
SELECT n.product_id, n.currency, min(h.price_minor), n.valid_from
FROM latest n
JOIN history h ON h.product_id = n.product_id AND h.currency = n.currency
    AND h.nth < h.prices AND h.ended_at > n.valid_from - interval '30 days'
GROUP BY n.product_id, n.currency, n.price_minor, n.valid_from
HAVING min(h.price_minor) > n.price_minor
