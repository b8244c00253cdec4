-- What each kind of account came to at an instant, from the entries themselves. What is owed is
-- positive in the ledger, what stands behind it negative.
-- Columns: kind, side, currency, amount in minor units.
-- Asked by the positions at the end of a day, once for each day.
-- Index: ix_entries_account_id_id, pk_journals.
SELECT s.kind, s.side, e.currency,
    sum(CASE s.side WHEN 'owed' THEN e.amount ELSE -e.amount END) AS amount
FROM banking.scope_on(:on) s
JOIN banking.ledger_accounts a ON a.kind = s.kind
CROSS JOIN LATERAL (
    SELECT e.currency, e.amount FROM banking.entries e
    JOIN banking.journals j ON j.id = e.journal_id AND j.booked_at < :at
    WHERE e.account_id = a.id AND e.phase = 1
    -- Whatever day is asked for, it is later than years that were put aside.
    UNION ALL
    SELECT c.currency, c.posted FROM banking.ledger_carried c WHERE c.account_id = a.id
) e
GROUP BY s.kind, s.side, e.currency
