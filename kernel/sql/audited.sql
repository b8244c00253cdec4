-- Leaves the trail of a command that told nothing.
-- Columns: none.
-- Asked by every command.
\ir audit_row.sql
