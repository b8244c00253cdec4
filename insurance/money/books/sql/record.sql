-- Everything that was booked for a policy's premium or for a claim, entry by entry.
-- Columns: at, what and currency of the register's line; of a claim its reserve before and after;
-- number and kind of the journal; kind of the account; amount by the ledger's sign.
-- Asked by the page behind a line of a bordereau.
-- Index: ix_premium_moves_subject, ix_claim_moves_subject, then uq_journals_key and pk_entries.
WITH moves AS (
    SELECT
        at, what, currency, keys, CAST(NULL AS bigint) AS reserve_before,
        CAST(NULL AS bigint) AS reserve
    FROM insurance.premium_moves WHERE subject = :subject
    UNION ALL
    SELECT at, what, currency, keys, reserve_before, reserve
    FROM insurance.claim_moves WHERE subject = :subject
)
SELECT
    m.at, m.what, m.currency, m.reserve_before, m.reserve, j.id, j.kind,
    a.kind AS account, e.amount
FROM moves AS m
JOIN banking.journals AS j ON j.key = ANY(m.keys)
JOIN banking.entries AS e ON e.journal_id = j.id
JOIN banking.ledger_accounts AS a ON a.id = e.account_id
ORDER BY m.at, j.id, e.leg
