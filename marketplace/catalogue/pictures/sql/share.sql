-- Gives the goods of a feed the pictures of other goods on the same shelf, in turn.
-- Columns: none.
-- Asked once when a catalogue for measuring was filled.
-- Index: none: all goods of the feed are read; uq_picture_product_path lets twice be once.
WITH known AS (
    SELECT p.category_id, c.path, c.width, c.height, c.sizes,
        row_number() OVER (PARTITION BY p.category_id ORDER BY c.id) - 1 AS place,
        count(*) OVER (PARTITION BY p.category_id) AS many
    FROM marketplace.picture c JOIN marketplace.product p ON p.id = c.product_id
    WHERE NOT starts_with(p.external_ref, :feed)
)
INSERT INTO marketplace.picture (product_id, path, width, height, sizes, alt)
SELECT p.id, k.path, k.width, k.height, k.sizes, '{}'
FROM marketplace.product p JOIN known k
    ON k.category_id = p.category_id AND p.id % k.many = k.place
WHERE starts_with(p.external_ref, :feed)
ON CONFLICT DO NOTHING
