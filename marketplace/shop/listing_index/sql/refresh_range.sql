-- Writes the cards of all goods within a range of numbers, as they stand in the rooms below.
-- Columns: product_id of every card written.
-- Asked by the rebuilding of all shelves, a batch at a time: after imports, and daily.
-- Index: pk_product, then each part by the number of the goods.
WITH wanted AS (
    SELECT p.* FROM marketplace.product p WHERE p.id > :after AND p.id <= :until
)
\ir product_cards.sql
