-- Merges the forms of staged goods; what did not change is left alone.
-- Columns: none; changed_product takes their products.
-- Asked by every import of goods, once a batch, when the staged goods know their numbers.
-- Index: uq_variant_product_key.
WITH put AS (
    INSERT INTO marketplace.variant (product_id, key, sku, options, hs_code, origin_country,
        weight_g, size_mm, position)
    SELECT s.product_id, v.key, v.sku, v.options, v.hs, v.origin, v.weight, v.size, v.position
    FROM staged_product s, jsonb_to_recordset(s.variants) AS v
\ir staged_variants.sql
    ON CONFLICT (product_id, key) DO UPDATE SET
        sku = excluded.sku, hs_code = excluded.hs_code, weight_g = excluded.weight_g,
        origin_country = excluded.origin_country, size_mm = excluded.size_mm
    WHERE (variant.sku, variant.hs_code, variant.origin_country, variant.weight_g,
           variant.size_mm)
        IS DISTINCT FROM (excluded.sku, excluded.hs_code, excluded.origin_country,
           excluded.weight_g, excluded.size_mm)
    RETURNING product_id
)
INSERT INTO changed_product SELECT product_id FROM put
