-- How many pieces of an order's line l came back, or will: their buyer withdrew. A column `pieces`.
-- Piece of: count_sold; of goods seen together, gather.
-- Index: ix_return_line_order_line_id.
SELECT sum(r.quantity) AS pieces FROM marketplace.return_line r
JOIN marketplace.return_request q ON q.id = r.return_id
WHERE r.order_line_id = l.id AND (q.state = 'settled'
    OR q.is_withdrawal AND q.state NOT IN ('cancelled', 'closed', 'void'))
