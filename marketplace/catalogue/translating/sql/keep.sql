-- Keeps what a translator said, each text in each language once.
-- Columns: kind and subject_id of what is said otherwise now.
-- Asked by the jobs of a changed product or shop, and by `entrepot translate`.
-- Index: pk_translation.
INSERT INTO marketplace.translation (kind, subject_id, locale, source_locale, engine, digest, words,
    left_over, refusal, made_at)
SELECT n.kind, n.subject_id, n.locale, n.source_locale, :engine, n.digest, n.words,
    ARRAY(SELECT jsonb_array_elements_text(n.left_over)), n.refusal, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (kind text, subject_id bigint, locale text,
    source_locale text, digest text, words text, left_over jsonb, refusal text)
ORDER BY n.kind, n.subject_id, n.locale
ON CONFLICT (kind, subject_id, locale) DO UPDATE SET source_locale = excluded.source_locale,
    engine = excluded.engine, digest = excluded.digest, words = excluded.words,
    left_over = excluded.left_over, refusal = excluded.refusal, made_at = excluded.made_at
RETURNING kind, subject_id
