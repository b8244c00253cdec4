-- Months of insurers in which something was booked or that were closed, the newest first.
-- Columns: month as its first day, insurer_key, currency, closed_at, null while it is open.
-- Asked by the list of months, and before a month is looked at or closed.
-- Index: none; the registers are read as a whole.
SELECT month, insurer_key, currency, max(closed_at) AS closed_at FROM (
    SELECT CAST(date_trunc('month', at AT TIME ZONE 'UTC') AS date) AS month, insurer_key,
        currency, CAST(NULL AS timestamptz) AS closed_at FROM insurance.premium_moves
    UNION
    SELECT CAST(date_trunc('month', at AT TIME ZONE 'UTC') AS date), insurer_key, currency,
        CAST(NULL AS timestamptz) FROM insurance.claim_moves
    UNION ALL
    SELECT month, insurer_key, currency, closed_at FROM insurance.bordereau_months
) AS known
GROUP BY month, insurer_key, currency ORDER BY month DESC, insurer_key, currency
