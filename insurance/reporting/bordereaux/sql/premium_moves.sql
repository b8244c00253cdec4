-- Premiums that stand in no closed month, up to an instant, with what their policies state.
-- Columns: those of the register, and of the policy; memo is what the journal that paid calls it.
-- Asked when a month is looked at, and when it is closed.
-- Index: ix_premium_moves_insurer_key_at, then uq_policies_number and pk_closed_moves.
SELECT
    m.id, m.what, m.cause_id, m.subject, m.country, m.net, m.commission, m.tax,
    m.keys AS journal_keys, m.at,
    p.id AS policy_id, p.cover, p.goods, p.sum_insured, p.risk, p.insured_name, p.bound_at,
    p.attached_at, p.ended_at, p.planned_days, coalesce(q.subject, m.subject) AS memo
FROM insurance.premium_moves AS m
LEFT JOIN insurance.policies AS p ON p.number = m.subject
LEFT JOIN insurance.quotes AS q ON q.id = p.quote_id
WHERE m.insurer_key = :insurer_key AND m.currency = :currency AND m.at < :after
AND NOT EXISTS (
    SELECT FROM insurance.closed_moves AS c WHERE c.register = 'premium' AND c.move_id = m.id
)
ORDER BY m.at, m.id
