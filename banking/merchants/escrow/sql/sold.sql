-- What releases of an order credited to its vendor before commission, and what of the escrow they
-- turned into it: legs for freight, duty and tax say so in their memo. Then what late refunds took
-- back of it, from whomever, without the buyer's own side.
-- Columns: currency, credited, commission, spent, borne, returned; minor units.
-- Asked before every late refund, and by the page that previews one.
-- Index: ix_escrow_moves_order_ref, then the entries of each of its journals.
SELECT e.currency,
    coalesce(sum(e.amount) FILTER (WHERE is_sale AND (is_vendor OR is_fee)), 0) AS credited,
    coalesce(sum(e.amount) FILTER (WHERE is_sale AND is_fee), 0) AS commission,
    coalesce(-sum(e.amount) FILTER (WHERE is_sale AND a.kind = 'escrow'
        AND e.memo NOT IN ('freight', 'duty', 'tax', 'surplus')), 0) AS spent,
    coalesce(-sum(e.amount) FILTER (WHERE NOT is_sale AND (is_vendor AND NOT is_payer OR is_fee
        OR a.kind = 'platform_loss')), 0) AS borne,
    coalesce(-sum(e.amount) FILTER (WHERE NOT is_sale AND is_fee), 0) AS returned
FROM banking.escrow_moves m
JOIN banking.entries e ON e.journal_id = m.journal_id AND e.phase = 1
JOIN banking.ledger_accounts a ON a.id = e.account_id
LEFT JOIN banking.wallets w ON w.account_id = a.id
LEFT JOIN banking.wallets l
    ON l.id = CASE WHEN a.kind = 'late_credit' THEN CAST(a.key AS uuid) END
CROSS JOIN LATERAL (
    SELECT m.kind = 'released' AS is_sale, a.kind = 'commission_revenue' AS is_fee,
        a.kind IN ('vendor_debt', 'vendor_reserve', 'written_off')
            AND a.key = CAST(CAST(:vendor AS uuid) AS text)
            OR coalesce(coalesce(w.owner_id, l.owner_id) = :vendor, false) AS is_vendor,
        coalesce(coalesce(w.id, l.id) = :payer, false) AS is_payer
) what
WHERE m.order_ref = :order
GROUP BY e.currency
