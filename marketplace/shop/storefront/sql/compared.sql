-- What a comparison says of goods beside what their cards say: properties, size and kind.
-- Columns: id, ref, category_id, attributes of the product; size_mm of the form that cards show.
-- Asked by the page that compares, for four products at most.
-- Index: uq_product_ref, then pk_product_card and pk_variant.
SELECT p.id, p.ref, p.category_id, p.attributes, v.size_mm
FROM unnest(CAST(:refs AS text[])) AS k (ref)
JOIN marketplace.product p ON p.ref = k.ref AND p.status = 'listed'
JOIN marketplace.product_card c ON c.product_id = p.id
JOIN marketplace.variant v ON v.id = c.variant_id
