-- Begins a payment for a purchase; whoever comes second with its key waits here for the first.
-- Columns: those of `columns`; no row where the key has one already.
-- Asked by begin_purchase.
-- Index: pk_card_payments.
INSERT INTO banking.card_payments AS p
    (id, ref, purpose, owner_id, subject, amount_minor, currency, locale, state, saves_card,
    customer_ref, method_ref, started_at, asked)
VALUES
    (:id, :ref, 'purchase', :owner_id, :subject, :amount_minor, :currency, :locale, 'started',
    :saves_card, :customer_ref, :method_ref, :now, 0)
ON CONFLICT (id) DO NOTHING
RETURNING
\ir columns.sql
