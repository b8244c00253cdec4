-- What earlier months said of claims: what was paid, recovered, reserved and owed by then.
-- Columns: subject, paid, recovered, owed, and the reserve by the last of its lines.
-- Asked with the claims of a month.
-- Index: ix_claim_moves_subject, then pk_closed_moves.
SELECT
    m.subject, sum(m.paid) AS paid, sum(m.recovered) AS recovered, sum(m.owed) AS owed,
    (array_agg(m.reserve ORDER BY m.id DESC))[1] AS reserve,
    min(m.at) AS first_at
FROM insurance.claim_moves AS m
WHERE m.subject = ANY(:subjects)
AND EXISTS (
    SELECT FROM insurance.closed_moves AS d WHERE d.register = 'claims' AND d.move_id = m.id
)
GROUP BY m.subject
