-- Merges offers of a feed, and keeps each new price in the record that proves it.
-- Columns: id, vendor_id and variant_id of all that were given, and whether one is new or other.
-- Asked by every import of goods, once a batch, after the forms.
-- Index: uq_offer_vendor_variant.
WITH given AS (
    SELECT * FROM unnest(CAST(:vendor_ids AS bigint[]), CAST(:variant_ids AS bigint[]),
        CAST(:prices AS bigint[]), CAST(:currencies AS text[]), CAST(:lead_times AS int[]))
        AS g (vendor_id, variant_id, price_minor, currency, lead_time_days)
), put AS (
    INSERT INTO marketplace.offer (vendor_id, variant_id, price_minor, currency,
        lead_time_days, status, changed_at)
    SELECT vendor_id, variant_id, price_minor, currency, lead_time_days, 'listed', :now FROM given
    ON CONFLICT (vendor_id, variant_id) DO UPDATE SET
        price_minor = excluded.price_minor, lead_time_days = excluded.lead_time_days,
        version = offer.version + 1, changed_at = :now
    WHERE offer.currency = excluded.currency AND (offer.price_minor, offer.lead_time_days)
        IS DISTINCT FROM (excluded.price_minor, excluded.lead_time_days)
    RETURNING id, vendor_id, variant_id, currency, price_minor
), kept AS (
    INSERT INTO marketplace.offer_price_record (offer_id, currency, price_minor, valid_from)
    SELECT id, currency, price_minor, :now FROM put
)
SELECT id, vendor_id, variant_id, true AS is_changed FROM put
UNION ALL
SELECT o.id, o.vendor_id, o.variant_id, false FROM marketplace.offer o
WHERE (o.vendor_id, o.variant_id)
    IN (SELECT vendor_id, variant_id FROM given EXCEPT SELECT vendor_id, variant_id FROM put)
