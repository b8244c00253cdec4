-- What is kept for orders, with all that left it and all that cardholders dispute of it.
-- Columns: those of an escrow; moves as [key, kind, amount, journal_id, at] by time, questions as
-- [dispute_ref, amount, taken, is_won, ended_at], the oldest first; either is null without any.
-- Asked by the page of an order, for all parcels at once.
-- Index: pk_escrows, ix_escrow_moves_order_ref, ix_escrow_questions_order_ref, pk_card_disputes.
SELECT e.order_ref, e.subject, e.currency, e.beneficiary_id, e.payer_wallet_id, e.note, e.state,
    e.funded, e.released, e.refunded, e.frozen, e.questioned, e.releasable_at, e.funded_at,
    (
        SELECT jsonb_agg(
            jsonb_build_array(m.key, m.kind, m.amount, m.journal_id, m.at)
            ORDER BY m.at, m.journal_id
        )
        FROM banking.escrow_moves m WHERE m.order_ref = e.order_ref
    ) AS moves,
    (
        SELECT jsonb_agg(
            jsonb_build_array(d.ref, q.amount, q.taken, d.state = 'won', q.ended_at)
            ORDER BY q.asked_at
        )
        FROM banking.escrow_questions q JOIN banking.card_disputes d ON d.id = q.dispute_id
        WHERE q.order_ref = e.order_ref
    ) AS questions
FROM banking.escrows e WHERE e.order_ref = ANY(CAST(:order_refs AS text[]))
