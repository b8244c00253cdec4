-- Merges goods of a feed into products; what did not change is left alone.
-- Columns: id and external_ref of all that were given, and whether one is new or other than before.
-- Asked by every import of goods, once a batch, before all else.
-- Index: uq_product_external_ref.
WITH given AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (external_ref text, ref text,
        vendor_id bigint, category_id bigint, source_locale text, brand text, model text,
        attributes jsonb, option_key text, listed_at timestamptz)
), put AS (
    INSERT INTO marketplace.product (ref, external_ref, vendor_id, category_id, source_locale,
        brand, model, attributes, option_key, status, listed_at, changed_at)
    SELECT ref, external_ref, vendor_id, category_id, source_locale, brand, model, attributes,
        option_key, 'listed', listed_at, :now
    FROM given
    ON CONFLICT (external_ref) DO UPDATE SET
        category_id = excluded.category_id, brand = excluded.brand, model = excluded.model,
        attributes = excluded.attributes, version = product.version + 1, changed_at = :now
    WHERE (product.category_id, product.brand, product.model, product.attributes)
        IS DISTINCT FROM (excluded.category_id, excluded.brand, excluded.model,
           excluded.attributes)
    RETURNING id, external_ref
)
SELECT id, external_ref, true AS is_changed FROM put
UNION ALL
SELECT p.id, p.external_ref, false FROM marketplace.product p
WHERE p.external_ref IN (SELECT external_ref FROM given EXCEPT SELECT external_ref FROM put)
