-- The columns that a view of a payment `p` is made of.
-- Piece of: begin, advance; of purchases its statement that reads one.
p.id, p.ref, p.purpose, p.wallet_id, p.owner_id, p.subject, p.amount_minor, p.currency, p.locale,
    p.state, p.page_ref, p.page_url, p.payment_ref, p.fingerprint, p.brand, p.last4, p.saves_card,
    p.customer_ref, p.method_ref, p.fee_minor, p.refunded_minor, p.disputed_minor, p.started_at,
    p.captured_at
