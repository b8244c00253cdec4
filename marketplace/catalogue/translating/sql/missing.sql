-- What shops wrote that is said in too few languages: each original with one language it lacks.
-- A language is lacked where nothing of it stands there, of whatever region, and what a translator
-- said last was said of other words, or by another translator. `has_english` tells whether readers
-- have the shop's own English meanwhile.
-- Columns: kind, subject_id, source_locale, locale, digest, words, has_english; in the order of
-- kinds and numbers.
-- Asked of one product or shop by its job, and of stretches of all by `entrepot translate`.
-- Index: pk_product, pk_product_text, pk_vendor, pk_translation.
WITH original AS (
    SELECT k.kind, p.id AS subject_id, p.source_locale, k.words,
        (SELECT array_agg(split_part(o.locale, '-', 1)) FROM marketplace.product_text o
         WHERE o.product_id = p.id) AS spoken
    FROM marketplace.product p
    JOIN marketplace.product_text t ON t.product_id = p.id AND t.locale = p.source_locale
    CROSS JOIN LATERAL (VALUES ('title', t.title), ('description', t.description))
        AS k (kind, words)
    WHERE p.status <> 'removed'
        AND p.id BETWEEN CAST(:first_product AS bigint) AND CAST(:last_product AS bigint)
    UNION ALL
    SELECT 'story', v.id, v.language, v.story->>v.language,
        ARRAY(SELECT split_part(key, '-', 1) FROM jsonb_object_keys(v.story) AS s (key))
    FROM marketplace.vendor v
    WHERE v.id BETWEEN CAST(:first_vendor AS bigint) AND CAST(:last_vendor AS bigint)
)
SELECT o.kind, o.subject_id, o.source_locale, l.locale, md5(o.words) AS digest, o.words,
    'en' = ANY(o.spoken) AS has_english
FROM original o
CROSS JOIN unnest(CAST(:locales AS text[])) AS l (locale)
LEFT JOIN marketplace.translation r
    ON r.kind = o.kind AND r.subject_id = o.subject_id AND r.locale = l.locale
WHERE o.words <> '' AND o.kind = ANY(CAST(:kinds AS text[]))
    AND split_part(o.source_locale, '-', 1) = ANY(CAST(:languages AS text[]))
    AND split_part(l.locale, '-', 1) <> ALL(o.spoken)
    AND (r.digest IS DISTINCT FROM md5(o.words) OR r.engine <> CAST(:engine AS text))
ORDER BY o.kind, o.subject_id, l.locale
LIMIT :most
