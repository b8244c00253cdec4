-- A stretch of movements from the newest on: the first entries of each account, of those the first
-- of all, then what fits a search.
-- Columns: entries (how many were read) and furthest (the last of them), the same on every row;
-- then those of `columns`, empty on the one row there is when nothing fits.
-- Asked by the search of movements, a page at a time, and by its file.
-- Index: ix_entries_account_id_id, pk_journals, then the subject of each movement.
WITH bounds AS MATERIALIZED (
\ir bounds.sql
), seen AS MATERIALIZED (
    SELECT x.* FROM bounds b CROSS JOIN LATERAL (
        SELECT id, journal_id, currency, amount, balance_after, memo FROM banking.entries
        WHERE account_id = b.id AND phase = 1 AND id > b.low AND id <= b.high
        ORDER BY id DESC LIMIT :depth
    ) x ORDER BY x.id DESC LIMIT :depth
)
SELECT s.entries, s.furthest, f.*
FROM (SELECT count(*) AS entries, min(id) AS furthest FROM seen) s
LEFT JOIN LATERAL (
    SELECT
\ir columns.sql
    FROM seen e JOIN banking.journals j ON j.id = e.journal_id
    WHERE
\ir says.sql
    ORDER BY e.id DESC LIMIT :count
) f ON true
ORDER BY f.id DESC
