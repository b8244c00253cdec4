-- Merges the offers of staged goods, and keeps each new price in the record that proves it.
-- Columns: none; changed_product takes their products.
-- Asked by every import of goods, once a batch, after the forms.
-- Index: uq_variant_product_key, uq_offer_vendor_variant.
WITH put AS (
    INSERT INTO marketplace.offer (vendor_id, variant_id, price_minor, currency,
        lead_time_days, status, changed_at)
    SELECT s.vendor_id, w.id, v.price, v.currency, v.lead, 'listed', :now
    FROM staged_product s, marketplace.variant w, jsonb_to_recordset(s.variants) AS v
\ir staged_variants.sql
    WHERE w.product_id = s.product_id AND w.key = v.key
    ON CONFLICT (vendor_id, variant_id) DO UPDATE SET
        price_minor = excluded.price_minor, lead_time_days = excluded.lead_time_days,
        version = offer.version + 1, changed_at = :now
    WHERE offer.currency = excluded.currency AND (offer.price_minor, offer.lead_time_days)
        IS DISTINCT FROM (excluded.price_minor, excluded.lead_time_days)
    RETURNING id, variant_id, currency, price_minor
), kept AS (
    INSERT INTO marketplace.offer_price_record (offer_id, currency, price_minor, valid_from)
    SELECT id, currency, price_minor, :now FROM put
)
INSERT INTO changed_product
SELECT w.product_id FROM put JOIN marketplace.variant w ON w.id = put.variant_id
