-- What the ledger says under the keys of lines: every entry of a journal, by account.
-- Columns: key and id of the journal, kind and key of the account, amount.
-- Asked when a month is looked at, and when it is closed.
-- Index: uq_journals_key, then pk_entries.
SELECT j.key, j.id, a.kind, a.key AS owner, sum(e.amount) AS amount
FROM banking.journals AS j
JOIN banking.entries AS e ON e.journal_id = j.id
JOIN banking.ledger_accounts AS a ON a.id = e.account_id
WHERE j.key = ANY(:keys) AND e.currency = :currency
GROUP BY j.key, j.id, a.kind, a.key
