-- Moves pieces that a reservation keeps from here on, and writes its lines.
-- Columns: none.
-- Asked when a checkout begins, and when it wants other goods.
-- Index: those of moved.
WITH
\ir moved.sql
INSERT INTO marketplace.stock_reservation_line (reservation_id, offer_id, quantity, state)
SELECT :id, w.offer_id, w.quantity, 'reserved'
FROM unnest(CAST(:ids AS bigint[]), CAST(:pieces AS int[])) AS w (offer_id, quantity)
