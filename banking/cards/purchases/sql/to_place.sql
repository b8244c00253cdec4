-- A purchase that orders are about to take, with what its card paid for others lately.
-- Columns: state, amount_minor, currency, disputed_minor and owner_id of the payment; outcome and
-- placed_key; linked, minor units by currency, or nothing. One row, or none.
-- Asked by place. Both rows are locked, the payment first: who waited for the payment must not see
-- the purchase as it stood before, and rows of a statement stand as they did when it began unless
-- they are locked too.
-- Index: pk_card_purchases, pk_card_payments, ix_card_payments_fingerprint.
SELECT p.state, p.amount_minor, p.currency, p.disputed_minor, p.owner_id, c.outcome, c.placed_key,
    (
        SELECT jsonb_object_agg(lately.currency, lately.paid) FROM (
            SELECT other.currency, sum(other.amount_minor) AS paid
\ir paid_lately.sql
                AND other.fingerprint = p.fingerprint
            GROUP BY other.currency
        ) lately
    ) AS linked
FROM banking.card_payments p JOIN banking.card_purchases c ON c.payment_id = p.id
WHERE p.id = :payment_id
FOR UPDATE OF p, c
