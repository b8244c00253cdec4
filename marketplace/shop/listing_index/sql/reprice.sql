-- Brings the euro prices behind sorting and filters to the rates of today.
-- Columns: none; the count of rows is that of places changed.
-- Asked once a day, after new reference rates.
-- Index: none for the cards, which are all read; ix_shelf_place_product_id for those that changed.
WITH rates AS (
    SELECT * FROM unnest(CAST(:currencies AS text[]), CAST(:cents AS numeric[]))
        AS r (currency, cents)
), new AS (
    SELECT c.product_id, coalesce((c.own_prices->>'EUR')::bigint,
        round(c.price_minor * r.cents)::bigint) AS price_eur_minor
    FROM marketplace.product_card c LEFT JOIN rates r ON r.currency = c.currency
), changed AS (
    UPDATE marketplace.product_card c
    SET price_eur_minor = new.price_eur_minor, version = nextval('marketplace.card_version')
    FROM new WHERE new.product_id = c.product_id
        AND new.price_eur_minor IS DISTINCT FROM c.price_eur_minor
    RETURNING c.product_id, c.price_eur_minor
)
UPDATE marketplace.shelf_place p
SET price_eur_minor = coalesce(changed.price_eur_minor, 4611686018427387904)
FROM changed WHERE changed.product_id = p.product_id
