-- Each account with the entries between which a search looks, by its days and the page before.
-- Piece of: stretch_falling, stretch_rising, reference.
SELECT a.id,
    greatest(CAST(:above AS bigint), CASE WHEN CAST(:since AS timestamptz) IS NULL THEN 0
        ELSE banking.entry_before(a.id, :since) END) AS low,
    least(CAST(:below AS bigint), CASE WHEN CAST(:until AS timestamptz) IS NULL
        THEN CAST(:below AS bigint) ELSE banking.entry_before(a.id, :until) END) AS high
FROM unnest(CAST(:accounts AS bigint[])) a (id)
