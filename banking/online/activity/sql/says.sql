-- Whether an entry `e` of journal `j` is what a search looks for: its way, its kinds, its words in
-- memo, reference, amount, name of the kind, or with whom: who was paid by a transfer or paid, and
-- who sold what was paid for or given back.
-- Piece of: stretch_falling, stretch_rising.
(CAST(:way AS text) IS NULL OR (e.amount > 0) = (:way = 'in'))
AND (CAST(:kinds AS text[]) IS NULL OR j.kind = ANY (:kinds))
AND (CAST(:pattern AS text) IS NULL
    OR e.memo ILIKE :pattern OR j.subject ILIKE :pattern
    OR abs(e.amount) = ANY (CAST(:amounts AS bigint[]))
        AND e.currency = ANY (CAST(:amount_currencies AS text[]))
    OR e.amount > 0 AND j.kind = ANY (CAST(:incoming AS text[]))
    OR e.amount < 0 AND j.kind = ANY (CAST(:outgoing AS text[]))
    OR EXISTS (
        SELECT FROM banking.transfers t
        LEFT JOIN kernel.person p ON p.id = t.owner_id
        LEFT JOIN kernel.organisation o ON o.id = t.owner_id
        WHERE j.kind LIKE 'transfer%' AND t.ref = j.subject
            AND CASE WHEN j.kind = 'transfer' AND e.amount > 0 THEN coalesce(p.name, o.name)
                ELSE t.payee_name END ILIKE :pattern
    ) OR EXISTS (
        SELECT FROM banking.escrows s JOIN kernel.organisation o ON o.id = s.beneficiary_id
        WHERE j.kind LIKE 'escrow%' AND (s.order_ref = j.subject OR s.subject = j.subject)
            AND o.name ILIKE :pattern
    ))
