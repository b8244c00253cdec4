-- Earned premium and cost of claims of an insurer in some months, by what is asked for.
-- Columns: key of the group, earned, paid, outstanding, unreported, recovered in minor units.
-- Losses not reported yet are those of the last month that was reserved for, shared by what each
-- policy earned in it; by month, each month's own. Shops are those that policies name.
-- Asked by the board of loss ratios.
-- Index: ix_earned_days_day, then pk_policies, pk_cargo_policies, ix_policy_entries_policy_id_id
-- and the registers' by insurer and instant.
WITH last AS (
    SELECT max(month) AS month FROM insurance.unreported_months
    WHERE insurer_key = :insurer_key AND currency = :currency AND month >= :first AND month < :after
), earned AS (
    SELECT
        d.policy_id, d.product, d.insurer_key, CAST(date_trunc('month', d.day) AS date) AS month,
        sum(d.net) AS net
    FROM insurance.earned_days AS d
    WHERE d.day >= :first AND d.day < :after AND d.currency = :currency
    AND d.insurer_key = :insurer_key
    GROUP BY d.policy_id, d.product, d.insurer_key, 4
), facts AS (
    SELECT
        e.policy_id, e.product, e.month, e.net AS earned, 0 AS paid, 0 AS outstanding,
        0 AS recovered,
        CASE WHEN :by = 'month' OR e.month = (SELECT month FROM last)
            THEN e.net * u.amount / nullif(u.earned, 0) END AS unreported
    FROM earned AS e
    LEFT JOIN insurance.unreported_months AS u ON u.month = e.month
        AND u.insurer_key = e.insurer_key AND u.currency = :currency AND u.product = e.product
    UNION ALL
    SELECT
        coalesce(c.policy_id, g.policy_id),
        coalesce(p.cover, CASE WHEN g.id IS NOT NULL THEN 'cargo' END),
        CAST(date_trunc('month', m.at AT TIME ZONE 'UTC') AS date), 0, m.paid,
        m.reserve - m.reserve_before + m.owed, m.recovered, 0
    FROM insurance.claim_moves AS m
    LEFT JOIN insurance.recoveries AS r ON r.ref = m.subject
    LEFT JOIN insurance.carrier_claims AS w ON w.ref = m.subject
    LEFT JOIN insurance.claims AS o ON o.ref = m.subject
    LEFT JOIN insurance.claims AS c ON c.id = coalesce(o.id, r.claim_id, w.claim_id)
    LEFT JOIN insurance.policies AS p ON p.id = c.policy_id
    LEFT JOIN insurance.cargo_claims AS h ON h.ref = m.subject
    LEFT JOIN insurance.cargo_claims AS g ON g.id = coalesce(h.id, w.cargo_claim_id)
    WHERE m.insurer_key = :insurer_key AND m.currency = :currency
    AND m.at >= CAST(:first AS timestamp) AT TIME ZONE 'UTC'
    AND m.at < CAST(:after AS timestamp) AT TIME ZONE 'UTC'
), named AS (
    SELECT
        coalesce(f.product, '') AS product, to_char(f.month, 'YYYY-MM') AS month,
        coalesce(p.number, k.number, '') AS policy,
        coalesce(CAST(p.seller_id AS text), '') AS shop,
        coalesce(a.facts ->> 'carrier', '') AS carrier,
        coalesce(
            (p.risk ->> 'origin_country') || '-' || (p.risk ->> 'destination_country'),
            (t.asked ->> 'origin_country') || '-' || (t.asked ->> 'destination_country'),
            ''
        ) AS lane,
        f.earned, f.paid, f.outstanding, f.recovered, f.unreported
    FROM facts AS f
    LEFT JOIN insurance.policies AS p ON p.id = f.policy_id
    LEFT JOIN insurance.cargo_policies AS k ON k.id = f.policy_id
    LEFT JOIN insurance.cargo_quotes AS t ON t.id = coalesce(k.terms_id, k.quote_id)
    LEFT JOIN LATERAL (
        SELECT n.facts FROM insurance.policy_entries AS n
        WHERE n.policy_id = p.id AND n.what = 'attached' ORDER BY n.id LIMIT 1
    ) AS a ON true
), keyed AS (
    SELECT
        n.*,
        CASE :by WHEN 'product' THEN product WHEN 'lane' THEN lane WHEN 'carrier' THEN carrier
            WHEN 'shop' THEN shop WHEN 'month' THEN month
            ELSE policy END AS key,
        CASE :within_by WHEN 'product' THEN product WHEN 'lane' THEN lane
            WHEN 'carrier' THEN carrier WHEN 'shop' THEN shop WHEN 'month' THEN month
            END AS within
    FROM named AS n
)
SELECT
    key, sum(earned) AS earned, sum(paid) AS paid, sum(outstanding) AS outstanding,
    round(coalesce(sum(unreported), 0)) AS unreported, sum(recovered) AS recovered
FROM keyed
WHERE :within_by = '' OR within = :within
GROUP BY key ORDER BY key LIMIT :most
