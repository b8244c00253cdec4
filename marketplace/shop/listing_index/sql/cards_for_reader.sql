-- Cards with their dues, as one reader sees them.
-- Piece of: the statements of queries.py that ask for some cards and not for a shelf.
SELECT
\ir product_card.sql
FROM marketplace.product_card c LEFT JOIN marketplace.card_dues d USING (product_id)
