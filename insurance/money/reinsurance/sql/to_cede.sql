-- Lines of the registers between two instants that a treaty has not ceded yet, oldest first.
-- Columns: register, move_id, subject, currency, amount: the premium, or what was paid less what
-- came back.
-- Asked once a day for each treaty.
-- Index: ix_premium_moves_insurer_key_at, ix_claim_moves_insurer_key_at, then pk_cessions.
SELECT 'premium' AS register, m.id AS move_id, m.subject, m.currency, m.net AS amount
FROM insurance.premium_moves AS m
WHERE m.insurer_key = :insurer_key AND m.at >= :first AND m.at < :after AND m.net <> 0
AND NOT EXISTS (
    SELECT FROM insurance.cessions AS c
    WHERE c.treaty_key = :treaty AND c.register = 'premium' AND c.move_id = m.id
)
UNION ALL
SELECT 'claims', m.id, m.subject, m.currency, m.paid - m.recovered
FROM insurance.claim_moves AS m
WHERE m.insurer_key = :insurer_key AND m.at >= :first AND m.at < :after
AND m.paid <> m.recovered
AND NOT EXISTS (
    SELECT FROM insurance.cessions AS c
    WHERE c.treaty_key = :treaty AND c.register = 'claims' AND c.move_id = m.id
)
ORDER BY 1 DESC, 2
