-- Premiums that orders paid, in the journals of these orders: the platform's side of J1.
-- Columns: memo, which names the parcel; id of the journal; kind and key of the account; amount.
-- Asked when a month is looked at, and when it is closed.
-- Index: ix_entries_account_id_id, then pk_journals.
SELECT e.memo, j.id, a.kind, a.key AS owner, sum(e.amount) AS amount
FROM banking.ledger_accounts AS a
JOIN banking.entries AS e ON e.account_id = a.id
JOIN banking.journals AS j ON j.id = e.journal_id
WHERE a.currency = :currency AND e.memo = ANY(:memos)
AND (
    a.kind IN ('premium_payable', 'agency_commission_deferred') AND a.key = :insurer_key
    OR a.kind = 'premium_tax_payable'
)
GROUP BY e.memo, j.id, a.kind, a.key
ORDER BY j.id
