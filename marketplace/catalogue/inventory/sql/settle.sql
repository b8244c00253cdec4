-- Moves pieces that a reservation no longer keeps, and says on its lines what became of them.
-- Columns: none. The reservation is closed once nothing is kept.
-- Asked when an order takes pieces over, and when they are given back.
-- Index: those of moved, pk_stock_reservation and pk_stock_reservation_line.
WITH
\ir moved.sql
, closed AS (
    UPDATE marketplace.stock_reservation SET is_open = false
    WHERE id = :id AND CAST(:is_over AS boolean)
)
UPDATE marketplace.stock_reservation_line SET state = :state, order_ref = :order_ref
WHERE reservation_id = :id AND offer_id = ANY(CAST(:ids AS bigint[]))
