-- Lines of the tax bordereaux of a period that the insurer itself settles with a country.
-- Columns: month_id and first day of the month; subject, rate, net, tax and journals of the line.
-- Asked when a period is looked at, prepared and confirmed.
-- Index: uq_bordereau_months_month, pk_settlements, pk_bordereau_lines.
SELECT
    m.id AS month_id, m.month, l.subject, l.cells ->> 'rate' AS rate,
    CAST(l.cells ->> 'net' AS bigint) AS net, CAST(l.cells ->> 'tax' AS bigint) AS tax, l.journals
FROM insurance.bordereau_months AS m
JOIN insurance.settlements AS s ON s.month_id = m.id
JOIN insurance.bordereau_lines AS l ON l.month_id = m.id AND l.kind = 'tax'
WHERE m.insurer_key = :insurer_key AND m.currency = :currency
AND m.month >= :first AND m.month < :after
AND s.payers ->> :country = 'insurer' AND l.cells ->> 'territory' = :country
ORDER BY m.month, l.number
