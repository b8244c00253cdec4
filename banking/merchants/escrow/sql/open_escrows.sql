-- Opens the escrows that a journal has filled, and notes who paid what of each: of all, or of none.
-- Columns: order_ref of each that is new; one that was there already has no row.
-- Asked by what funds escrows; of a wallet that pays alone no parts are kept.
-- Index: pk_escrows, pk_escrow_payers.
WITH opened AS (
    INSERT INTO banking.escrows
        (order_ref, subject, currency, beneficiary_id, payer_wallet_id, note, funded, funded_at)
    SELECT o.order_ref, :subject, :currency, o.beneficiary_id, CAST(:payer_wallet_id AS uuid),
        o.note, o.funded, :now
    FROM unnest(CAST(:order_refs AS text[]), CAST(:beneficiaries AS uuid[]),
        CAST(:notes AS text[]), CAST(:amounts AS bigint[]))
        AS o (order_ref, beneficiary_id, note, funded)
    ON CONFLICT (order_ref) DO NOTHING
    RETURNING order_ref
), paid AS (
    INSERT INTO banking.escrow_payers (order_ref, payer_id, is_card, place, funded, refunded)
    SELECT p.order_ref, p.payer_id, p.is_card, p.place, p.funded, 0
    FROM unnest(CAST(:part_orders AS text[]), CAST(:payers AS uuid[]),
        CAST(:are_cards AS boolean[]), CAST(:places AS smallint[]), CAST(:parts AS bigint[]))
        AS p (order_ref, payer_id, is_card, place, funded)
    WHERE (SELECT count(*) FROM opened) = cardinality(CAST(:order_refs AS text[]))
)
SELECT order_ref FROM opened
