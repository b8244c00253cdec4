-- Moves pieces of which no reservation changes with them.
-- Columns: how many levels there were to store.
-- Asked when pieces are counted, come in, leave or are exchanged.
-- Index: those of moved.
WITH
\ir moved.sql
SELECT count(*) FROM new
