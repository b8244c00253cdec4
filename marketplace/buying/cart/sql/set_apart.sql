-- Makes a cart of one line, where that is for sale.
-- Columns: cart_id; no row where it is not for sale.
-- Asked by who buys at once.
-- Index: those of for_sale.
WITH made AS (
    INSERT INTO marketplace.cart (id, changed_at) SELECT :cart_id, :now
    WHERE EXISTS (
\ir for_sale.sql
    ) RETURNING id
)
INSERT INTO marketplace.cart_line
    (cart_id, offer_id, quantity, seen_minor, seen_currency, added_at)
SELECT id, :offer_id, :quantity, :seen_minor, :seen_currency, :now FROM made
RETURNING cart_id
