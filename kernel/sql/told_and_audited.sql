-- Tells what a command has to tell, and leaves its trail, in one statement.
-- Columns: none.
-- Asked by every command that tells something.
-- Index: pk_outbox, pk_delivery and pk_audit, of their newest parts.
WITH
\ir facts.sql
\ir audit_row.sql
