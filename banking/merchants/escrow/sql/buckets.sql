-- A vendor's money by currency: kept in escrows, due, to spend, in dispute, owed, in reserve.
-- Columns: currency, held, releasable, available, in_dispute, negative, reserved, next_at.
-- Asked by the vendor's desk, the payout run's preview and the bank's API.
-- Index: ix_escrows_beneficiary_id, uq_wallets_owner_id_currency, uq_ledger_accounts_name.
WITH kept AS (
    SELECT currency, sum(remaining - kept_back)
            FILTER (WHERE releasable_at IS NULL OR releasable_at > :now) AS held,
        sum(remaining - kept_back) FILTER (WHERE releasable_at <= :now) AS releasable,
        sum(kept_back) AS in_dispute,
        min(releasable_at) FILTER (WHERE releasable_at > :now AND remaining > kept_back) AS next_at
    FROM banking.escrows
    CROSS JOIN LATERAL (SELECT funded - released - refunded AS remaining) rest
    CROSS JOIN LATERAL (SELECT least(frozen + questioned, remaining) AS kept_back) part
    WHERE beneficiary_id = :owner GROUP BY currency
), spendable AS (
    SELECT w.currency, a.posted - a.held AS available
    FROM banking.wallets w JOIN banking.ledger_accounts a ON a.id = w.account_id
    WHERE w.owner_id = :owner
), owed AS (
    SELECT currency, -sum(posted) AS negative FROM banking.ledger_accounts
    WHERE kind IN ('vendor_debt', 'written_off') AND key = CAST(:owner AS text)
    GROUP BY currency
), reserve AS (
    SELECT currency, posted AS reserved FROM banking.ledger_accounts
    WHERE kind = 'vendor_reserve' AND key = CAST(:owner AS text)
)
SELECT currency, coalesce(held, 0) AS held, coalesce(releasable, 0) AS releasable,
    coalesce(available, 0) AS available, coalesce(in_dispute, 0) AS in_dispute,
    coalesce(negative, 0) AS negative, coalesce(reserved, 0) AS reserved,
    next_at
FROM kept FULL JOIN spendable USING (currency) FULL JOIN owed USING (currency)
FULL JOIN reserve USING (currency)
ORDER BY currency
