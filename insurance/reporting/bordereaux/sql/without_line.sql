-- Journals of a month in the insurer's book that no line of a register stands for.
-- Columns: id, kind, subject.
-- Asked when a month is looked at, and when it is closed.
-- Index: ix_entries_account_id_id, then pk_journals and the registers' by insurer and instant.
SELECT DISTINCT j.id, j.kind, j.subject
FROM banking.ledger_accounts AS a
JOIN banking.entries AS e ON e.account_id = a.id
JOIN banking.journals AS j ON j.id = e.journal_id
WHERE a.kind IN (
    'insurer_premium_due', 'insurer_case_reserve', 'insurer_claims_payable',
    'insurer_claims_incurred'
)
AND a.key = :insurer_key AND a.currency = :currency
AND j.booked_at >= :first AND j.booked_at < :after
AND j.kind IN (
    'premium_written', 'premium_returned', 'claim_reserved', 'claim_approved', 'claim_released',
    'claim_settled', 'claim_recovered', 'salvage_booked', 'recovery_accepted', 'recovery_given_up'
)
AND NOT EXISTS (
    SELECT FROM insurance.premium_moves AS m
    WHERE m.insurer_key = :insurer_key AND m.currency = :currency
    AND m.at >= :first AND m.at < :after AND m.keys[1] = j.key
)
AND NOT EXISTS (
    SELECT FROM insurance.claim_moves AS m
    WHERE m.insurer_key = :insurer_key AND m.currency = :currency
    AND m.at >= :first AND m.at < :after AND m.keys[1] = j.key
)
ORDER BY j.id
