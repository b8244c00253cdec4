-- From the goods of `wanted` to their cards: what is for sale, the featured offer, titles,
-- pictures. `rates` gives euro cents per minor unit; a currency without a usable rate is absent and
-- its goods stand last when sorted by price. The featured offer: in stock, cheapest, quickest,
-- oldest. Goods for which nobody in the Union answers are sent to none of its countries.
-- Piece of: refresh_some, refresh_range.
, rates AS (
    SELECT * FROM unnest(CAST(:currencies AS text[]), CAST(:cents AS numeric[]))
        AS r (currency, cents)
), sellable AS (
    SELECT v.product_id, o.id AS offer_id, o.vendor_id, o.variant_id, o.price_minor, o.currency,
        o.lead_time_days, v.hs_code, v.origin_country, v.weight_g, v.hazards, v.hex,
        v.options,
        CASE WHEN p.responsible = '{}' AND coalesce(n.legal->'responsible', '{}') = '{}'
                AND coalesce(n.legal->>'country', n.country) <> ALL(CAST(:union AS text[]))
            THEN ARRAY(SELECT c FROM unnest(coalesce(n.sends_to, CAST(:countries AS text[])))
                AS a (c) WHERE c <> ALL(CAST(:union AS text[])) ORDER BY c)
            ELSE n.sends_to END AS sends_to,
        coalesce(s.on_hand - s.reserved - s.allocated, 0) > 0 AS in_stock,
        coalesce((SELECT w.price_minor FROM marketplace.offer_own_price w
                  WHERE w.offer_id = o.id AND w.currency = 'EUR'),
                 round(o.price_minor * r.cents))::bigint AS price_eur_minor
    FROM wanted p
    JOIN marketplace.variant v ON v.product_id = p.id
    JOIN marketplace.offer o ON o.variant_id = v.id AND o.status = 'listed'
    JOIN marketplace.vendor n ON n.id = o.vendor_id AND n.status = 'active'
    LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
    LEFT JOIN rates r ON r.currency = o.currency
    WHERE p.status = 'listed'
), featured AS (
    SELECT DISTINCT ON (product_id) *,
        count(*) OVER (PARTITION BY product_id) AS offers,
        dense_rank() OVER (PARTITION BY product_id ORDER BY variant_id)
        + dense_rank() OVER (PARTITION BY product_id ORDER BY variant_id DESC) - 1 AS variants
    FROM sellable
    ORDER BY product_id, in_stock DESC, price_eur_minor NULLS LAST, lead_time_days, offer_id
), barred AS (
    SELECT product_id, array_agg(country ORDER BY country) AS away FROM (
        SELECT s.product_id, w.country FROM sellable s
        CROSS JOIN unnest(CAST(:countries AS text[])) AS w (country)
        GROUP BY 1, 2 HAVING NOT bool_or(s.sends_to IS NULL OR w.country = ANY(s.sends_to))
    ) x GROUP BY product_id
), texts AS (
    SELECT t.product_id, jsonb_object_agg(t.locale, t.title) AS titles
    FROM marketplace.product_text t JOIN wanted p ON p.id = t.product_id GROUP BY t.product_id
), translated AS (
    SELECT r.subject_id AS product_id, jsonb_object_agg(r.locale, r.words) AS titles
    FROM wanted p
    JOIN marketplace.product_text t ON t.product_id = p.id AND t.locale = p.source_locale
    JOIN marketplace.translation r ON r.kind = 'title' AND r.subject_id = p.id
        AND r.digest = md5(t.title)
    WHERE r.refusal = '' GROUP BY r.subject_id
), views AS (
    SELECT c.product_id, array_agg(jsonb_build_object('path', c.path, 'width', c.width,
        'height', c.height, 'sizes', c.sizes)
        ORDER BY (c.variant_id IS NOT DISTINCT FROM f.variant_id) DESC, c.position, c.id) AS list
    FROM marketplace.picture c JOIN featured f ON f.product_id = c.product_id GROUP BY c.product_id
), shown AS (
    SELECT product_id, list[1] || CASE WHEN list[2] IS NULL THEN '{}'::jsonb ELSE
        jsonb_build_object('second', list[2] - 'width' - 'height') END AS picture
    FROM views
), own AS (
    SELECT w.offer_id, jsonb_object_agg(w.currency, w.price_minor) AS prices
    FROM marketplace.offer_own_price w JOIN featured f ON f.offer_id = w.offer_id
    GROUP BY w.offer_id
)
INSERT INTO marketplace.product_card (product_id, version, ref, external_ref, vendor_id,
    vendor_name, vendor_latin, vendor_slug, country, offer_id, variant_id, price_minor, currency,
    own_prices,
    price_eur_minor, lead_time_days, hs_code, origin_country, weight_g, hazards, variants,
    offers, titles, translated, source_locale, picture, colour, category_ids, in_stock, popularity,
    featured_rank, rank, listed_at, sends_to, away, rating_count, rating_total)
SELECT p.id, nextval('marketplace.card_version'), p.ref, p.external_ref, f.vendor_id,
    n.name, n.name_latin, n.slug, n.country, f.offer_id, f.variant_id, f.price_minor, f.currency,
    coalesce(own.prices, '{}'), f.price_eur_minor, f.lead_time_days, f.hs_code,
    f.origin_country, f.weight_g, coalesce(f.hazards, '{}'), f.variants, f.offers,
    t.titles, coalesce(said.titles, '{}'), p.source_locale, shown.picture, coalesce(f.hex, (
        SELECT w.hex FROM jsonb_each_text(f.options) x JOIN marketplace.attribute_value w
            ON w.attribute_key = x.key AND w.key = x.value
        WHERE w.hex IS NOT NULL LIMIT 1)), g.path, f.in_stock, coalesce(sold.pieces, 0),
    coalesce(p.featured_rank, 0),
    f.in_stock::int * 1000000 + (shown.picture IS NOT NULL)::int * 200000
        + least(coalesce(sold.pieces, 0), 100000), p.listed_at, f.sends_to,
    coalesce(barred.away, '{}'),
    coalesce(s.one + s.two + s.three + s.four + s.five, 0),
    coalesce(s.one + 2 * s.two + 3 * s.three + 4 * s.four + 5 * s.five, 0)
FROM wanted p
JOIN featured f ON f.product_id = p.id
JOIN texts t ON t.product_id = p.id
JOIN marketplace.vendor n ON n.id = f.vendor_id
JOIN marketplace.category g ON g.id = p.category_id
LEFT JOIN translated said ON said.product_id = p.id
LEFT JOIN shown ON shown.product_id = p.id
LEFT JOIN own ON own.offer_id = f.offer_id
LEFT JOIN barred ON barred.product_id = p.id
LEFT JOIN marketplace.product_rating s ON s.product_id = p.id
-- What was sold is counted nightly; a card that is written anew keeps it.
LEFT JOIN (SELECT product_id, popularity AS pieces FROM marketplace.product_card) sold
    ON sold.product_id = p.id
ON CONFLICT (product_id) DO UPDATE SET
    version = excluded.version, vendor_id = excluded.vendor_id,
    vendor_name = excluded.vendor_name, vendor_latin = excluded.vendor_latin,
    vendor_slug = excluded.vendor_slug,
    country = excluded.country, offer_id = excluded.offer_id, variant_id = excluded.variant_id,
    price_minor = excluded.price_minor, currency = excluded.currency,
    own_prices = excluded.own_prices, price_eur_minor = excluded.price_eur_minor,
    lead_time_days = excluded.lead_time_days, hs_code = excluded.hs_code,
    origin_country = excluded.origin_country, weight_g = excluded.weight_g,
    hazards = excluded.hazards,
    variants = excluded.variants, offers = excluded.offers, titles = excluded.titles,
    translated = excluded.translated,
    source_locale = excluded.source_locale, picture = excluded.picture, colour = excluded.colour,
    category_ids = excluded.category_ids, in_stock = excluded.in_stock,
    popularity = excluded.popularity, featured_rank = excluded.featured_rank,
    rank = excluded.rank, listed_at = excluded.listed_at, external_ref = excluded.external_ref,
    rating_count = excluded.rating_count, rating_total = excluded.rating_total,
    sends_to = excluded.sends_to, away = ARRAY(
        SELECT DISTINCT c FROM unnest(product_card.away || excluded.away) AS a (c) ORDER BY c)
RETURNING product_id
