-- Premium tax of an insurer that it settles itself, by month, country and currency.
-- Columns: month as its first day, country, currency, tax; payer is who settles it where that was
-- said, null while the month is open.
-- Asked by the board of taxes, and before a period is looked at, prepared or confirmed.
-- Index: uq_bordereau_months_month, pk_settlements and pk_bordereau_lines; for open months
-- ix_premium_moves_insurer_key_at.
SELECT m.month, p.key AS country, m.currency, CAST(s.taxes ->> p.key AS bigint) AS tax,
    p.value AS payer
FROM insurance.bordereau_months AS m
JOIN insurance.settlements AS s ON s.month_id = m.id
CROSS JOIN LATERAL jsonb_each_text(s.payers) AS p
WHERE m.insurer_key = :insurer_key AND p.value = 'insurer'
UNION ALL
SELECT m.month, l.cells ->> 'territory', m.currency, sum(CAST(l.cells ->> 'tax' AS bigint)),
    l.cells ->> 'settled_by'
FROM insurance.bordereau_months AS m
JOIN insurance.bordereau_lines AS l ON l.month_id = m.id AND l.kind = 'tax'
WHERE m.insurer_key = :insurer_key AND l.cells ->> 'settled_by' = 'insurer'
AND NOT EXISTS (SELECT FROM insurance.settlements AS s WHERE s.month_id = m.id)
GROUP BY m.month, l.cells ->> 'territory', m.currency, l.cells ->> 'settled_by'
UNION ALL
SELECT CAST(date_trunc('month', v.at AT TIME ZONE 'UTC') AS date), v.country, v.currency,
    sum(v.tax), NULL
FROM insurance.premium_moves AS v
WHERE v.insurer_key = :insurer_key AND v.currency = ANY(:currencies) AND v.at >= :since
AND v.tax <> 0
AND NOT EXISTS (
    SELECT FROM insurance.closed_moves AS d WHERE d.register = 'premium' AND d.move_id = v.id
)
GROUP BY 1, v.country, v.currency
