-- Of which insurer something is that was booked for a policy's premium or for a claim.
-- Columns: insurer_key, once.
-- Asked before a record is shown.
-- Index: ix_premium_moves_subject and ix_claim_moves_subject.
SELECT insurer_key FROM insurance.premium_moves WHERE subject = :subject
UNION
SELECT insurer_key FROM insurance.claim_moves WHERE subject = :subject
