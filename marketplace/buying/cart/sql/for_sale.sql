-- Whether an offer is for sale: it, its product and its shop. One row, or none.
-- Piece of: set_apart; asked by itself before something is put into a cart.
-- Index: pk_offer, pk_variant, pk_product and pk_vendor.
SELECT 1 FROM marketplace.offer o JOIN marketplace.variant v ON v.id = o.variant_id
JOIN marketplace.product p ON p.id = v.product_id
JOIN marketplace.vendor s ON s.id = o.vendor_id
WHERE o.id = :offer_id AND o.status = 'listed' AND p.status = 'listed' AND s.status = 'active'
