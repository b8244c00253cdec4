-- Writes the cards of some goods as they stand in the rooms below.
-- Columns: product_id of every card written; goods asked for that have none are not for sale.
-- Asked after every change of goods, offers, stock or shops, a few hundred goods at a time.
-- Index: pk_product, then each part by the number of the goods.
WITH wanted AS (
    SELECT p.* FROM marketplace.product p WHERE p.id = ANY(CAST(:ids AS bigint[]))
)
\ir product_cards.sql
