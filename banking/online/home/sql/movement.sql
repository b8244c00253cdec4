-- One movement, when it stands on one of some accounts.
-- Columns: those of `recent`, journal_id, value_date.
-- Asked by the receipt of a movement, page and paper.
-- Index: pk_entries, pk_journals.
SELECT e.id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo, j.booked_at,
    j.id AS journal_id, j.value_date,
\ir counterparty.sql
FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id
WHERE e.id = :entry AND e.account_id = ANY(CAST(:accounts AS bigint[])) AND e.phase = 1
