-- What the next people in order like, as far as a price is known and nobody was told that it fell.
-- Columns: the wish (id, product_id, seen_minor, seen_currency, seen_country) and who wants it
-- (person_id, email, name, locale).
-- Asked once a day, some people at a time, until there are no more.
-- Index: uq_wish_list_name, then uq_wish_once.
WITH batch AS (
    SELECT DISTINCT l.person_id FROM marketplace.wish_list l WHERE l.person_id > :after
    ORDER BY l.person_id LIMIT :most
)
SELECT w.id, w.product_id, w.seen_minor, w.seen_currency, w.seen_country, n.id AS person_id,
    n.email, n.name, n.locale
FROM batch s JOIN marketplace.wish_list l ON l.person_id = s.person_id
JOIN kernel.person n ON n.id = s.person_id
LEFT JOIN marketplace.wish w ON w.list_id = l.id AND w.told_at IS NULL
    AND w.seen_minor IS NOT NULL
ORDER BY n.id, w.id
