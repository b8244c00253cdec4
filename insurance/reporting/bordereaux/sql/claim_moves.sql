-- What changed of claims in some time and stands in no closed month, with its claim.
-- Columns: those of the register, of the claim of a parcel or of cargo, and of its policy.
-- Asked when a month is looked at, and when it is closed.
-- Index: ix_claim_moves_insurer_key_at, then uq_claims_ref, uq_recoveries_ref,
-- uq_carrier_claims_ref, pk_claims, uq_cargo_claims_ref, pk_cargo_claims and pk_closed_moves.
SELECT
    m.id, m.what, m.subject, m.reserve_before, m.reserve, m.owed, m.paid, m.recovered,
    m.keys AS journal_keys, m.at,
    coalesce(c.id, g.id) AS claim_id, coalesce(c.ref, g.ref) AS ref,
    coalesce(c.cause, g.kind) AS cause, coalesce(c.state, g.state) AS state,
    coalesce(c.loss_at, CAST(g.loss_on AS timestamp) AT TIME ZONE 'UTC') AS loss_at,
    coalesce(c.opened_at, g.opened_at) AS opened_at, coalesce(c.refusal, g.refusal) AS refusal,
    coalesce(p.number, l.number) AS number, coalesce(p.risk, t.asked) AS risk
FROM insurance.claim_moves AS m
LEFT JOIN insurance.recoveries AS r ON r.ref = m.subject
LEFT JOIN insurance.carrier_claims AS w ON w.ref = m.subject
LEFT JOIN insurance.claims AS o ON o.ref = m.subject
LEFT JOIN insurance.claims AS c ON c.id = coalesce(o.id, r.claim_id, w.claim_id)
LEFT JOIN insurance.policies AS p ON p.id = c.policy_id
LEFT JOIN insurance.cargo_claims AS h ON h.ref = m.subject
LEFT JOIN insurance.cargo_claims AS g ON g.id = coalesce(h.id, w.cargo_claim_id)
LEFT JOIN insurance.cargo_policies AS l ON l.id = g.policy_id
LEFT JOIN insurance.cargo_quotes AS t ON t.id = coalesce(l.terms_id, l.quote_id)
WHERE m.insurer_key = :insurer_key AND m.currency = :currency
AND m.at >= :since AND m.at < :after
AND NOT EXISTS (
    SELECT FROM insurance.closed_moves AS d WHERE d.register = 'claims' AND d.move_id = m.id
)
ORDER BY m.at, m.id
