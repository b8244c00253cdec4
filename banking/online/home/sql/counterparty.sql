-- How final a movement is, and whom it was with: columns of a SELECT over `banking.entries e` and
-- `banking.journals j`, written once, since the first page, the search and a single movement must
-- never disagree.
-- pending: the booking is final in the ledger, but its money may still come back: it is kept for an
-- order, or on its way to another bank.
-- name: who was paid by a transfer, or paid.
-- sellers: who sold what was paid for, or given back; a vendor's own earnings are with nobody.
-- Piece of: recent, movement; of the search, stretch_falling, stretch_rising, reference.
CASE
    WHEN j.kind = 'escrow_funded' AND EXISTS (
        SELECT FROM banking.escrows s
        WHERE s.subject = j.subject AND s.released + s.refunded < s.funded
    ) THEN 'held'
    WHEN j.kind = 'transfer' AND e.amount < 0 AND EXISTS (
        SELECT FROM banking.transfers t
        WHERE t.ref = j.subject AND t.state IN ('accepted', 'sent')
    ) THEN 'under_way'
END AS pending,
(
    SELECT CASE WHEN j.kind = 'transfer' AND e.amount > 0 THEN coalesce(p.name, o.name)
        ELSE t.payee_name END
    FROM banking.transfers t
    LEFT JOIN kernel.person p ON p.id = t.owner_id
    LEFT JOIN kernel.organisation o ON o.id = t.owner_id
    WHERE j.kind LIKE 'transfer%' AND t.ref = j.subject
) AS name,
(
    SELECT jsonb_object_agg(o.id, o.name)
    FROM banking.escrows s JOIN kernel.organisation o ON o.id = s.beneficiary_id
    WHERE (j.kind = 'escrow_funded' AND e.amount < 0
        OR j.kind = 'escrow_refunded' AND e.amount > 0)
        AND (s.order_ref = j.subject OR s.subject = j.subject)
) AS sellers
