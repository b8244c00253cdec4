-- Premiums of some time that stand in no closed month, with what their policies state.
-- Columns: those of the register, and of the policy of a parcel or of cargo; memo is what the
-- payer's journal calls it, which only of a parcel in an order may stand there several times.
-- Asked when a month is looked at, and when it is closed.
-- Index: ix_premium_moves_insurer_key_at, then uq_policies_number, uq_cargo_policies_number and
-- pk_closed_moves.
SELECT
    m.id, m.what, m.cause_id, m.subject, m.country, m.net, m.commission, m.tax,
    m.keys AS journal_keys, m.at,
    coalesce(p.id, k.id) AS policy_id, coalesce(p.cover, t.asked ->> 'clauses') AS cover,
    coalesce(p.goods, t.asked ->> 'hs_code') AS goods,
    coalesce(p.sum_insured, CAST(t.outcome ->> 'sum_insured' AS bigint)) AS sum_insured,
    coalesce(p.risk, t.asked || '{"is_business": true}') AS risk,
    coalesce(p.insured_name, t.asked ->> 'business') AS insured_name,
    coalesce(p.bound_at, k.bound_at) AS bound_at,
    coalesce(p.attached_at, k.attached_at) AS attached_at,
    coalesce(p.ended_at, k.ended_at) AS ended_at, p.planned_days,
    coalesce(q.subject, m.subject) AS memo, coalesce(q.kind = 'cart', false) AS is_of_order
FROM insurance.premium_moves AS m
LEFT JOIN insurance.policies AS p ON p.number = m.subject
LEFT JOIN insurance.quotes AS q ON q.id = p.quote_id
LEFT JOIN insurance.cargo_policies AS k ON k.number = m.subject
LEFT JOIN insurance.cargo_quotes AS t ON t.id = coalesce(k.terms_id, k.quote_id)
WHERE m.insurer_key = :insurer_key AND m.currency = :currency
AND m.at >= :since AND m.at < :after
AND NOT EXISTS (
    SELECT FROM insurance.closed_moves AS d WHERE d.register = 'premium' AND d.move_id = m.id
)
ORDER BY m.at, m.id
