-- Moves a payment on that the network was asked about; what it tells nothing of stays as it is.
-- Columns: those of `columns`, as they stand then.
-- Asked by record_state, which holds the payment.
-- Index: pk_card_payments.
UPDATE banking.card_payments p
SET state = :state, asked = p.asked + 1, asked_at = :now,
    captured_at = CASE WHEN CAST(:is_charged AS boolean) THEN :now ELSE p.captured_at END,
    payment_ref = coalesce(:payment_ref, p.payment_ref),
    fee_minor = coalesce(:fee_minor, p.fee_minor),
    fingerprint = coalesce(:fingerprint, p.fingerprint),
    brand = coalesce(:brand, p.brand), last4 = coalesce(:last4, p.last4)
WHERE p.id = :id
RETURNING
\ir columns.sql
