-- Movements of one reference, which are few: all are found by it, then sorted.
-- Columns: entries and furthest for the shape of a stretch, then those of `columns`.
-- Asked by the search of movements for a reference.
-- Index: ix_journals_subject, then the entries of each journal.
WITH bounds AS MATERIALIZED (
\ir bounds.sql
)
SELECT 0 AS entries, NULL AS furthest,
\ir columns.sql
FROM banking.journals j JOIN banking.entries e ON e.journal_id = j.id
JOIN bounds b ON b.id = e.account_id AND e.id > b.low AND e.id <= b.high
WHERE j.subject = :reference AND e.phase = 1
    AND (CAST(:way AS text) IS NULL OR (e.amount > 0) = (:way = 'in'))
    AND (CAST(:kinds AS text[]) IS NULL OR j.kind = ANY (:kinds))
ORDER BY CASE WHEN CAST(:falls AS boolean) THEN -e.id ELSE e.id END LIMIT :count
