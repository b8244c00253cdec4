-- The columns of a movement, of an entry `e` and its journal `j`.
-- Piece of: stretch_falling, stretch_rising, reference.
e.id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo, j.booked_at,
    e.journal_id, j.value_date,
\ir ../../home/sql/counterparty.sql
