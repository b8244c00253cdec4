-- Months of insurers in which something was booked or that were closed, the newest first.
-- Columns: month as its first day, insurer_key, currency, closed_at, null while it is open.
-- Asked by the list of months, and before a month is looked at or closed.
-- Index: ix_premium_moves_insurer_key_at and ix_claim_moves_insurer_key_at, from the first line of
-- a month to the first line behind that month; months that were closed are read as a whole.
WITH RECURSIVE premium AS (
    SELECT '' AS insurer_key, '' AS currency, CAST('-infinity' AS timestamp) AS month
    UNION ALL
    SELECT n.insurer_key, n.currency, n.month
    FROM premium AS p
    CROSS JOIN LATERAL (
        SELECT insurer_key, currency, date_trunc('month', at AT TIME ZONE 'UTC') AS month
        FROM insurance.premium_moves AS m
        WHERE (m.insurer_key, m.currency, m.at)
            >= (p.insurer_key, p.currency, (p.month + interval '1 month') AT TIME ZONE 'UTC')
        ORDER BY m.insurer_key, m.currency, m.at LIMIT 1
    ) AS n
), claims AS (
    SELECT '' AS insurer_key, '' AS currency, CAST('-infinity' AS timestamp) AS month
    UNION ALL
    SELECT n.insurer_key, n.currency, n.month
    FROM claims AS c
    CROSS JOIN LATERAL (
        SELECT insurer_key, currency, date_trunc('month', at AT TIME ZONE 'UTC') AS month
        FROM insurance.claim_moves AS m
        WHERE (m.insurer_key, m.currency, m.at)
            >= (c.insurer_key, c.currency, (c.month + interval '1 month') AT TIME ZONE 'UTC')
        ORDER BY m.insurer_key, m.currency, m.at LIMIT 1
    ) AS n
)
SELECT month, insurer_key, currency, max(closed_at) AS closed_at FROM (
    SELECT CAST(month AS date) AS month, insurer_key, currency,
        CAST(NULL AS timestamptz) AS closed_at FROM premium WHERE insurer_key <> ''
    UNION ALL
    SELECT CAST(month AS date), insurer_key, currency, CAST(NULL AS timestamptz)
    FROM claims WHERE insurer_key <> ''
    UNION ALL
    SELECT month, insurer_key, currency, closed_at FROM insurance.bordereau_months
) AS known
GROUP BY month, insurer_key, currency ORDER BY month DESC, insurer_key, currency
