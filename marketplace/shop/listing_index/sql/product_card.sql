-- The columns of a card `c` with its dues `d`, for one reader: titles in the reader's language, its
-- sister, as a machine says it there, English or the vendor's own; dues for the reader's country
-- while they hold.
-- Piece of: every statement of queries.py that reads cards; ProductCardRow has them in this order.
c.product_id, c.version, c.ref, c.external_ref, c.vendor_id, c.vendor_name, c.vendor_latin,
c.vendor_slug, c.country, c.offer_id, c.variant_id, c.price_minor, c.currency,
(c.own_prices->>CAST(:currency AS text))::bigint AS own_minor,
(c.own_prices->>CAST(:door_currency AS text))::bigint AS door_minor, c.lead_time_days, c.hs_code,
c.origin_country, c.weight_g, c.hazards, c.variants, c.offers,
coalesce(c.titles->>CAST(:locale AS text), c.titles->>CAST(:sister AS text),
    c.translated->>CAST(:locale AS text), c.titles->>'en', c.titles->>c.source_locale) AS title,
CASE WHEN c.titles ? CAST(:locale AS text) THEN CAST(:locale AS text)
    WHEN c.titles ? CAST(:sister AS text) THEN CAST(:sister AS text)
    WHEN c.translated ? CAST(:locale AS text) THEN CAST(:locale AS text)
    WHEN c.titles ? 'en' THEN 'en' ELSE c.source_locale END AS title_locale,
CASE WHEN c.titles ? CAST(:locale AS text) OR c.titles ? CAST(:sister AS text)
    OR NOT c.translated ? CAST(:locale AS text) THEN '' ELSE c.source_locale END AS translated_from,
coalesce(c.titles->>'en', c.titles->>c.source_locale) AS slug_title,
c.picture, c.colour, c.in_stock, c.category_ids,
c.rank, c.price_eur_minor, c.listed_at,
CASE WHEN d.version = c.version AND d.book = CAST(:basis AS text)
    THEN d.dues->>CAST(:country AS text) END AS dues,
c.sends_to IS NULL OR CAST(:country AS text) = ANY(c.sends_to) AS is_sent,
c.rating_count, c.rating_total
