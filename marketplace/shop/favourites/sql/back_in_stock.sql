-- Takes the note off wishes for goods that are there again.
-- Columns: who wants them (person_id, email, name, locale), the goods (ref, source_locale, titles
-- by language), and is_news where they were away long enough, or already when they were liked.
-- Asked when an offer sold out, came back or changed.
-- Index: ix_wish_product_id, then the product's variants and their offers.
WITH back AS (
    SELECT w.id, w.list_id, w.product_id, p.ref, p.source_locale,
        w.out_since <= :long_ago OR w.out_since = w.added_at AS is_news
    FROM unnest(CAST(:products AS bigint[])) AS k (id)
    JOIN marketplace.product p ON p.id = k.id AND p.status = 'listed'
    JOIN marketplace.wish w ON w.product_id = k.id
    WHERE w.out_since IS NOT NULL AND 0 < (
        SELECT max(s.on_hand - s.reserved - s.allocated) FROM marketplace.variant v
        JOIN marketplace.offer o ON o.variant_id = v.id AND o.status = 'listed'
        JOIN marketplace.vendor n ON n.id = o.vendor_id AND n.status = 'active'
        JOIN marketplace.stock_level s ON s.offer_id = o.id
        WHERE v.product_id = w.product_id
    )
    ORDER BY w.id FOR UPDATE OF w
)
UPDATE marketplace.wish w SET out_since = NULL
FROM back b JOIN marketplace.wish_list l ON l.id = b.list_id
JOIN kernel.person n ON n.id = l.person_id
WHERE w.id = b.id
RETURNING n.id AS person_id, n.email, n.name, n.locale, b.ref, b.source_locale, b.is_news, (
    SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
    WHERE t.product_id = b.product_id) AS titles
