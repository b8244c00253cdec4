-- All that a cart must know of some offers: prices, goods, pieces, titles, one picture.
-- Columns: those of OfferFacts, own and titles as maps.
-- Asked by cart, checkout and product page, for every offer they show.
-- Index: pk_offer, then the keys of vendor, variant, product and stock; pk_offer_own_price,
-- pk_product_text and ix_picture_product_id for what hangs on them.
SELECT o.id, o.vendor_id, o.variant_id, o.price_minor, o.currency, o.lead_time_days, o.status,
    o.version, p.id AS product_id, p.ref AS product_ref, p.source_locale,
    p.status AS product_status, p.category_id, v.key AS variant_key, v.sku, v.options,
    v.hs_code, v.origin_country, v.weight_g, v.size_mm, v.hazards,
    s.on_hand - s.reserved - s.allocated AS available,
    n.status AS vendor_status, p.responsible <> '{}' AS is_named,
    (SELECT jsonb_object_agg(w.currency, w.price_minor) FROM marketplace.offer_own_price w
     WHERE w.offer_id = o.id) AS own,
    (SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
     WHERE t.product_id = p.id) AS titles,
    (SELECT c.path || '-' || c.sizes[1] || '.webp' FROM marketplace.picture c
     WHERE c.product_id = p.id
     ORDER BY (c.variant_id IS NOT DISTINCT FROM v.id) DESC, c.position LIMIT 1
    ) AS picture, v.hex,
    (SELECT g.path FROM marketplace.category g WHERE g.id = p.category_id) AS category_ids
FROM marketplace.offer o
JOIN marketplace.vendor n ON n.id = o.vendor_id
JOIN marketplace.variant v ON v.id = o.variant_id
JOIN marketplace.product p ON p.id = v.product_id
LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
-- The subselect hides the ids from the planner, which would plan anew for every cart.
WHERE o.id = ANY(ARRAY(SELECT unnest(CAST(:ids AS bigint[]))))
