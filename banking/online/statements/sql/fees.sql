-- What an owner paid in fees within a time, by currency and kind of business.
-- Columns: currency, kind, often, volume, fees; minor units.
-- Asked by the yearly statement of fees, page and paper.
-- Index: uq_wallets_owner_id_currency, ix_entries_account_id_id between two entries that
-- banking.entry_before finds; fees by the entries of each journal.
SELECT e.currency, j.kind, count(*) AS often, sum(abs(e.amount))::bigint AS volume,
    sum(fee.amount)::bigint AS fees
FROM banking.wallets w
CROSS JOIN LATERAL (SELECT banking.entry_before(w.account_id, :since) AS after,
    banking.entry_before(w.account_id, :until) AS last) b
JOIN banking.entries e ON e.account_id = w.account_id AND e.phase = 1
    AND e.id > b.after AND e.id <= b.last
JOIN banking.journals j ON j.id = e.journal_id
JOIN unnest(CAST(:fee_kinds AS text[]), CAST(:fee_accounts AS text[])) k (kind, account)
    ON k.kind = j.kind
CROSS JOIN LATERAL (
    SELECT sum(f.amount) AS amount FROM banking.entries f
    JOIN banking.ledger_accounts a ON a.id = f.account_id AND a.kind = k.account
    WHERE f.journal_id = e.journal_id AND f.currency = e.currency AND f.phase = 1
) fee
WHERE w.owner_id = :owner AND fee.amount IS NOT NULL
GROUP BY e.currency, j.kind ORDER BY e.currency, j.kind
