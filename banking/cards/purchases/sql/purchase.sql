-- A purchase by card with its payment: one row, or none.
-- Columns: those of a payment; what is bought, the mail address, what became of the money.
-- Asked wherever a purchase is looked at by its id, which pages that pay do in every request.
-- Index: pk_card_purchases, pk_card_payments.
SELECT c.subject AS bought, c.email, c.outcome,
\ir ../../card_topups/sql/columns.sql
FROM banking.card_purchases c JOIN banking.card_payments p ON p.id = c.payment_id
WHERE c.payment_id = :payment_id
