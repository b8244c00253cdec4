-- Months of an open cover: what was declared and withdrawn in each, and what its deposit did.
-- Columns: month; shipments and withdrawn, counted; cif, sum_insured, net and tax less what came
-- back; deposit_used and owed by shipments, paid, adjusted; deposit_left and owed_left at its end.
-- Asked by the desk's pages of one open cover.
-- Index: ix_declarations_open_cover_id_at, ix_open_cover_moves_open_cover_id_id.
WITH told AS (
    SELECT at, 1 AS shipments, 0 AS withdrawn, cif, sum_insured, net, tax
    FROM insurance.declarations WHERE open_cover_id = :id
    UNION ALL
    SELECT withdrawn_at, 0, 1, -cif, -sum_insured, -net, -tax
    FROM insurance.declarations WHERE open_cover_id = :id AND withdrawn_at IS NOT NULL
), moved AS (
    SELECT at, what, deposit, owed FROM insurance.open_cover_moves WHERE open_cover_id = :id
), known AS (
    SELECT at, shipments, withdrawn, cif, sum_insured, net, tax,
        0 AS deposit_used, 0 AS owed, 0 AS paid, 0 AS adjusted, 0 AS by_deposit, 0 AS by_owed
    FROM told
    UNION ALL
    SELECT at, 0, 0, 0, 0, 0, 0,
        CASE WHEN what IN ('declared', 'withdrawn') THEN -deposit ELSE 0 END,
        CASE WHEN what IN ('declared', 'withdrawn') THEN owed ELSE 0 END,
        CASE WHEN what = 'paid' THEN -owed ELSE 0 END,
        CASE WHEN what = 'adjusted' THEN owed - deposit ELSE 0 END, deposit, owed
    FROM moved
)
SELECT
    CAST(date_trunc('month', at AT TIME ZONE 'UTC') AS date) AS month,
    sum(shipments) AS shipments, sum(withdrawn) AS withdrawn, sum(cif) AS cif,
    sum(sum_insured) AS sum_insured, sum(net) AS net, sum(tax) AS tax,
    sum(deposit_used) AS deposit_used, sum(owed) AS owed, sum(paid) AS paid,
    sum(adjusted) AS adjusted,
    sum(sum(by_deposit)) OVER (ORDER BY min(date_trunc('month', at AT TIME ZONE 'UTC')))
        AS deposit_left,
    sum(sum(by_owed)) OVER (ORDER BY min(date_trunc('month', at AT TIME ZONE 'UTC'))) AS owed_left
FROM known GROUP BY 1 ORDER BY 1 DESC
