-- Cards of the places of a shelf, with their dues, as one reader sees them.
-- Piece of: the statements of queries.py that read a shelf; they say which places.
SELECT
\ir product_card.sql
FROM places s
JOIN marketplace.product_card c USING (product_id)
LEFT JOIN marketplace.card_dues d USING (product_id)
