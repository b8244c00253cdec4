-- A product with all that its page says of it, its forms, pictures and stars, in one row.
-- Columns: those of the product; texts, variants and pictures as JSON, stars from one to five,
-- together the products seen with it, most often first; translated by kind what a machine says to
-- readers of `locale`, with the original's language and whether words were left as they were.
-- Asked by every product page.
-- Index: uq_product_ref, then each part by the product's number; pk_translation.
SELECT p.id, p.ref, p.external_ref, p.vendor_id, p.category_id, p.source_locale, p.brand,
    p.brand_latin, p.model, p.attributes, p.option_key, p.status, p.version, p.listed_at,
    p.warnings, p.responsible,
    (SELECT jsonb_object_agg(t.locale, jsonb_build_array(t.title, t.description))
     FROM marketplace.product_text t WHERE t.product_id = p.id) AS texts,
    (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'key', v.key, 'sku', v.sku,
        'options', v.options, 'hs', v.hs_code, 'origin', v.origin_country,
        'weight', v.weight_g, 'hazards', v.hazards, 'size', v.size_mm,
        'hex', v.hex, 'named', p.responsible <> '{}') ORDER BY v.position, v.id)
     FROM marketplace.variant v WHERE v.product_id = p.id) AS variants,
    (SELECT jsonb_agg(jsonb_build_object('variant', c.variant_id, 'path', c.path,
        'width', c.width, 'height', c.height, 'sizes', c.sizes, 'alt', c.alt)
        ORDER BY c.position, c.id)
     FROM marketplace.picture c WHERE c.product_id = p.id) AS pictures,
    (SELECT ARRAY[s.one, s.two, s.three, s.four, s.five]
     FROM marketplace.product_rating s WHERE s.product_id = p.id) AS stars,
    (SELECT array_agg(t.other_id ORDER BY t.shoppers DESC, t.other_id)
     FROM marketplace.product_pair t WHERE t.product_id = p.id) AS together,
    (SELECT jsonb_object_agg(r.kind, jsonb_build_array(r.words, r.source_locale,
        r.left_over <> '{}'))
     FROM marketplace.translation r
     JOIN marketplace.product_text t ON t.product_id = p.id AND t.locale = p.source_locale
        AND r.digest = md5(CASE r.kind WHEN 'title' THEN t.title ELSE t.description END)
     WHERE r.kind IN ('title', 'description') AND r.subject_id = p.id
        AND r.locale = CAST(:locale AS text) AND r.refusal = ''
        AND NOT EXISTS (
            SELECT FROM marketplace.product_text o WHERE o.product_id = p.id
                AND split_part(o.locale, '-', 1) = split_part(r.locale, '-', 1))) AS translated
FROM marketplace.product p WHERE p.ref = :ref
