-- What a bordereau says of the policy behind a number, less names: the policy's own, a claim's, or
-- that of what carriers owe or of what came to light.
-- Columns: number, cover, goods, sum_insured, currency, origin, destination, bound_at, attached_at
-- and ended_at of the policy; claims, the references of those that something was booked for.
-- Asked by the page of a record.
-- Index: the unique ones of numbers and references, then uq_claims_policy_id_cause,
-- ix_cargo_claims_policy_id and ix_claim_moves_subject.
WITH found AS (
    SELECT p.id AS parcel, CAST(NULL AS uuid) AS cargo
    FROM insurance.policies AS p WHERE p.number = :subject
    UNION ALL
    SELECT CAST(NULL AS uuid), k.id FROM insurance.cargo_policies AS k WHERE k.number = :subject
    UNION ALL
    SELECT c.policy_id, CAST(NULL AS uuid) FROM insurance.claims AS c WHERE c.ref = :subject
    UNION ALL
    SELECT CAST(NULL AS uuid), g.policy_id FROM insurance.cargo_claims AS g WHERE g.ref = :subject
    UNION ALL
    SELECT c.policy_id, CAST(NULL AS uuid) FROM insurance.recoveries AS r
    JOIN insurance.claims AS c ON c.id = r.claim_id WHERE r.ref = :subject
    UNION ALL
    SELECT c.policy_id, g.policy_id FROM insurance.carrier_claims AS w
    LEFT JOIN insurance.claims AS c ON c.id = w.claim_id
    LEFT JOIN insurance.cargo_claims AS g ON g.id = w.cargo_claim_id WHERE w.ref = :subject
)
SELECT
    coalesce(p.number, k.number) AS number, coalesce(p.cover, t.asked ->> 'clauses') AS cover,
    coalesce(p.goods, t.asked ->> 'hs_code') AS goods,
    coalesce(p.sum_insured, CAST(t.outcome ->> 'sum_insured' AS bigint)) AS sum_insured,
    coalesce(p.currency, t.currency) AS currency,
    coalesce(p.risk ->> 'origin_country', t.asked ->> 'origin_country') AS origin,
    coalesce(p.risk ->> 'destination_country', t.asked ->> 'destination_country') AS destination,
    coalesce(p.bound_at, k.bound_at) AS bound_at,
    coalesce(p.attached_at, k.attached_at) AS attached_at,
    coalesce(p.ended_at, k.ended_at) AS ended_at,
    ARRAY(
        SELECT c.ref FROM insurance.claims AS c WHERE c.policy_id = f.parcel
        AND EXISTS (SELECT FROM insurance.claim_moves AS m WHERE m.subject = c.ref)
        UNION ALL
        SELECT g.ref FROM insurance.cargo_claims AS g WHERE g.policy_id = f.cargo
        AND EXISTS (SELECT FROM insurance.claim_moves AS m WHERE m.subject = g.ref)
        ORDER BY 1
    ) AS claims
FROM found AS f
LEFT JOIN insurance.policies AS p ON p.id = f.parcel
LEFT JOIN insurance.cargo_policies AS k ON k.id = f.cargo
LEFT JOIN insurance.cargo_quotes AS t ON t.id = coalesce(k.terms_id, k.quote_id)
LIMIT 1
