-- Leaves the trail of a command that told nothing.
-- Columns: none.
-- Asked by every command.
-- Index: pk_audit.
\ir audit_row.sql
