-- Merges the forms of goods of a feed; what did not change is left alone.
-- Columns: id, product_id and key of all that were given, and whether one is new or other.
-- Asked by every import of goods, once a batch, when the goods have their numbers.
-- Index: uq_variant_product_key.
WITH given AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (product_id bigint, key text,
        sku text, options jsonb, hs_code text, origin_country text, weight_g int, size_mm int[],
        position int)
), put AS (
    INSERT INTO marketplace.variant (product_id, key, sku, options, hs_code, origin_country,
        weight_g, size_mm, position)
    SELECT product_id, key, sku, options, hs_code, origin_country, weight_g, size_mm, position
    FROM given
    ON CONFLICT (product_id, key) DO UPDATE SET
        sku = excluded.sku, hs_code = excluded.hs_code, weight_g = excluded.weight_g,
        origin_country = excluded.origin_country, size_mm = excluded.size_mm
    WHERE (variant.sku, variant.hs_code, variant.origin_country, variant.weight_g,
           variant.size_mm)
        IS DISTINCT FROM (excluded.sku, excluded.hs_code, excluded.origin_country,
           excluded.weight_g, excluded.size_mm)
    RETURNING id, product_id, key
)
SELECT id, product_id, key, true AS is_changed FROM put
UNION ALL
SELECT v.id, v.product_id, v.key, false FROM marketplace.variant v
WHERE (v.product_id, v.key)
    IN (SELECT product_id, key FROM given EXCEPT SELECT product_id, key FROM put)
