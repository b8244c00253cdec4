-- Tells what a unit of work without a trail of its own has to tell: a job's, a seed's.
-- Columns: how much was told.
-- Asked by the job runner.
-- Index: pk_outbox and pk_delivery.
WITH
\ir facts.sql
SELECT count(*) FROM told
