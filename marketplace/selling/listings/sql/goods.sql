-- The offers of a shop, each with all that its desk shows of the goods.
-- Columns: those of Listing; texts, own_prices and pictures as JSON.
-- Asked by the list of goods for the offers of one page, and by the page of one product; each says
-- which and in what order.
-- Index: pk_offer or uq_product_ref by what is asked, then each part by the number of the goods.
SELECT p.id, p.ref, p.status, p.source_locale, p.vendor_id, o.id AS offer_id, o.price_minor,
o.currency,
o.lead_time_days, o.status AS offer_status, o.version, v.id AS variant_id, v.sku, v.options,
v.hex, v.hs_code, v.origin_country, v.weight_g, v.size_mm, v.hazards, g.path AS shelf,
p.category_id, p.brand, p.brand_latin, p.attributes, p.listed_at, p.warnings, p.responsible,
(SELECT c.away FROM marketplace.product_card c WHERE c.product_id = p.id) AS away,
(SELECT jsonb_object_agg(w.currency, w.price_minor)
 FROM marketplace.offer_own_price w WHERE w.offer_id = o.id) AS own_prices,
coalesce(s.on_hand, 0) AS on_hand,
coalesce(s.reserved + s.allocated, 0) AS claimed,
(SELECT jsonb_object_agg(t.locale, jsonb_build_array(t.title, t.description))
 FROM marketplace.product_text t WHERE t.product_id = p.id) AS texts,
(SELECT jsonb_agg(jsonb_build_object('id', c.id, 'path', c.path, 'sizes', c.sizes, 'width',
    c.width, 'height', c.height, 'alt', c.alt, 'variant', c.variant_id)
    ORDER BY c.position, c.id)
 FROM marketplace.picture c WHERE c.product_id = p.id) AS pictures
FROM marketplace.product p
JOIN marketplace.variant v ON v.product_id = p.id
JOIN marketplace.category g ON g.id = p.category_id
JOIN marketplace.offer o ON o.variant_id = v.id AND o.vendor_id = :vendor_id
LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
