-- Merges staged goods into products; what did not change is left alone.
-- Columns: none; changed_product takes the products that are new or other.
-- Asked by every import of goods, once a batch, before all else.
-- Index: uq_product_external_ref.
WITH put AS (
    INSERT INTO marketplace.product (ref, external_ref, vendor_id, category_id, source_locale,
        brand, model, attributes, option_key, popularity, status, listed_at, changed_at)
    SELECT ref, external_ref, vendor_id, category_id, source_locale, brand, model, attributes,
        option_key, popularity, 'listed', listed_at, :now
    FROM staged_product
    ON CONFLICT (external_ref) DO UPDATE SET
        category_id = excluded.category_id, brand = excluded.brand, model = excluded.model,
        attributes = excluded.attributes, popularity = excluded.popularity,
        version = product.version + 1, changed_at = :now
    WHERE (product.category_id, product.brand, product.model, product.attributes,
           product.popularity)
        IS DISTINCT FROM (excluded.category_id, excluded.brand, excluded.model,
           excluded.attributes, excluded.popularity)
    RETURNING id
)
INSERT INTO changed_product SELECT id FROM put
