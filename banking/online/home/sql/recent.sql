-- The newest movements of some accounts, the newest of each first, so that no account is read
-- further back than the page shows.
-- Columns: id, kind, subject, amount, currency, balance_after, memo, booked_at, pending, name,
-- sellers.
-- Asked by the bank's first page and by the page of a wallet.
-- Index: ix_entries_account_id_id, pk_journals, then the subject of each movement.
SELECT e.id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo, j.booked_at,
\ir counterparty.sql
FROM unnest(CAST(:accounts AS bigint[]), CAST(:last AS bigint[])) a (id, last)
CROSS JOIN LATERAL (
    SELECT id, journal_id, currency, amount, balance_after, memo FROM banking.entries
    WHERE account_id = a.id AND phase = 1 AND id <= a.last
        AND (CAST(:before AS bigint) IS NULL OR id < :before)
    ORDER BY id DESC LIMIT :count
) e JOIN banking.journals j ON j.id = e.journal_id
ORDER BY e.id DESC LIMIT :count
