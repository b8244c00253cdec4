-- What changed of claims in some time and stands in no closed month, with its claim.
-- Columns: those of the register, of the claim and of its policy.
-- Asked when a month is looked at, and when it is closed.
-- Index: ix_claim_moves_insurer_key_at, then uq_claims_ref, uq_recoveries_ref,
-- uq_carrier_claims_ref, pk_claims and pk_closed_moves.
SELECT
    m.id, m.what, m.subject, m.reserve_before, m.reserve, m.owed, m.paid, m.recovered,
    m.keys AS journal_keys, m.at,
    c.id AS claim_id, c.ref, c.cause, c.state, c.loss_at, c.opened_at, c.refusal,
    p.number, p.risk
FROM insurance.claim_moves AS m
LEFT JOIN insurance.recoveries AS r ON r.ref = m.subject
LEFT JOIN insurance.carrier_claims AS w ON w.ref = m.subject
LEFT JOIN insurance.claims AS o ON o.ref = m.subject
LEFT JOIN insurance.claims AS c ON c.id = coalesce(o.id, r.claim_id, w.claim_id)
LEFT JOIN insurance.policies AS p ON p.id = c.policy_id
WHERE m.insurer_key = :insurer_key AND m.currency = :currency
AND m.at >= :since AND m.at < :after
AND NOT EXISTS (
    SELECT FROM insurance.closed_moves AS d WHERE d.register = 'claims' AND d.move_id = m.id
)
ORDER BY m.at, m.id
