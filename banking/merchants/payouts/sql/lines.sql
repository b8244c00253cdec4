-- What changed the accounts of a vendor in one currency, a line for each journal, oldest first.
-- Columns: entry_id, journal_id, kind, subject, booked_at, memo, amount, payout_ref, fee, debt.
-- Asked by the vendor's statements and payouts, a page or a payout at a time.
-- Index: ix_entries_account_id_id; fees by the entries of each journal found.
SELECT m.*, p.ref AS payout_ref, coalesce(f.fee, 0) AS fee, coalesce(f.debt, 0) AS debt
FROM (
    SELECT max(e.id) AS entry_id, j.id AS journal_id, j.kind, j.subject, j.booked_at,
        max(e.memo) AS memo, sum(e.amount) AS amount
    FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id
    WHERE e.account_id = ANY (CAST(:accounts AS bigint[])) AND e.phase = 1
        AND e.id > :after AND e.id <= :upto
        AND (CAST(:since AS timestamptz) IS NULL OR j.booked_at >= :since)
        AND (CAST(:until AS timestamptz) IS NULL OR j.booked_at < :until)
    GROUP BY j.id HAVING sum(e.amount) <> 0 ORDER BY 1 LIMIT :count
) m
LEFT JOIN banking.transfers t ON t.ref = m.subject AND m.kind LIKE 'transfer%'
LEFT JOIN banking.payouts p ON p.transfer_id = t.id
LEFT JOIN LATERAL (
    SELECT sum(c.amount) FILTER (WHERE a.kind = 'commission_revenue') AS fee,
        sum(c.amount) FILTER (WHERE a.kind IN ('vendor_debt', 'written_off')
            AND m.kind = 'escrow_released'
            AND NOT a.id = ANY (CAST(:accounts AS bigint[]))) AS debt
    FROM banking.entries c JOIN banking.ledger_accounts a ON a.id = c.account_id
    WHERE c.journal_id = m.journal_id AND c.phase = 1 AND c.currency = :currency
) f ON m.kind IN ('escrow_released', 'escrow_refunded')
ORDER BY m.entry_id
