-- Takes away what translators said of words that stand there no more, of what the shop says itself
-- by now, and all of it where nobody translates any longer. What left words as they were goes once
-- the shop has written English.
-- Columns: kind and subject_id of what went.
-- Asked for one product or shop by its job, and for stretches of all by `entrepot translate`.
-- Index: pk_translation, then each original by its number.
WITH said AS (
    SELECT kind, subject_id, locale, digest, left_over FROM marketplace.translation
    WHERE kind IN ('title', 'description')
        AND subject_id BETWEEN CAST(:first_product AS bigint) AND CAST(:last_product AS bigint)
    UNION ALL
    SELECT kind, subject_id, locale, digest, left_over FROM marketplace.translation
    WHERE kind = 'story'
        AND subject_id BETWEEN CAST(:first_vendor AS bigint) AND CAST(:last_vendor AS bigint)
), over AS (
    SELECT r.kind, r.subject_id, r.locale FROM said r
    WHERE NOT CAST(:translates AS boolean) OR CASE WHEN r.kind = 'story' THEN NOT EXISTS (
        SELECT FROM marketplace.vendor v WHERE v.id = r.subject_id
            AND md5(v.story->>v.language) = r.digest AND NOT EXISTS (
                SELECT FROM jsonb_object_keys(v.story) AS s (key)
                WHERE split_part(key, '-', 1) = split_part(r.locale, '-', 1)))
    ELSE NOT EXISTS (
        SELECT FROM marketplace.product p
        JOIN marketplace.product_text t ON t.product_id = p.id AND t.locale = p.source_locale
        WHERE p.id = r.subject_id AND p.status <> 'removed'
            AND md5(CASE r.kind WHEN 'title' THEN t.title ELSE t.description END) = r.digest
            AND NOT EXISTS (
                SELECT FROM marketplace.product_text o WHERE o.product_id = p.id
                    AND (split_part(o.locale, '-', 1) = split_part(r.locale, '-', 1)
                        OR (o.locale = 'en' AND r.left_over <> '{}'))))
    END
)
DELETE FROM marketplace.translation r USING over o
WHERE r.kind = o.kind AND r.subject_id = o.subject_id AND r.locale = o.locale
RETURNING r.kind, r.subject_id
