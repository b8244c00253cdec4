-- Notes of wishes for goods that no shop has a piece of since when.
-- Columns: none.
-- Asked when goods are liked, and when an offer sold out, came back or changed.
-- Index: ix_wish_product_id, then the product's variants and their offers.
UPDATE marketplace.wish w SET out_since = :now
WHERE w.product_id = ANY(CAST(:products AS bigint[])) AND w.out_since IS NULL AND NOT EXISTS (
    SELECT FROM marketplace.variant v
    JOIN marketplace.offer o ON o.variant_id = v.id AND o.status = 'listed'
    JOIN marketplace.vendor n ON n.id = o.vendor_id AND n.status = 'active'
    JOIN marketplace.stock_level s ON s.offer_id = o.id
    WHERE v.product_id = w.product_id AND s.on_hand - s.reserved - s.allocated > 0
)
