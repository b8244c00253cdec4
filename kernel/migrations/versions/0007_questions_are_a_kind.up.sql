-- What was decided on a question at one instant is one decision: on all reports that waited then,
-- or a removal whose reports their writers let go of. The trail tells who decided where no report
-- does; nobody's number stands for what no person decided.
CREATE TEMPORARY TABLE decided ON COMMIT DROP AS
SELECT gen_random_uuid() AS id,
    'QD-' || upper(left(replace(gen_random_uuid()::text, '-', ''), 12)) AS ref,
    q.id AS question_id, q.ref AS question_ref, q.vendor_id, one.decided_at,
    one.decided_at IS NOT DISTINCT FROM q.removed_at AS is_removal,
    -- No words were asked for where a question stayed.
    CASE WHEN one.decided_at IS NOT DISTINCT FROM q.removed_at AND q.removed_why <> ''
        THEN q.removed_why ELSE '—' END AS words,
    coalesce(one.decided_by, trail.person_id, '00000000-0000-0000-0000-000000000000') AS decided_by
FROM (
    SELECT question_id, decided_at, (array_agg(decided_by))[1] AS decided_by
    FROM marketplace.question_report WHERE decided_at IS NOT NULL GROUP BY question_id, decided_at
    UNION ALL
    SELECT p.id, p.removed_at, NULL FROM marketplace.product_question p
    WHERE p.removed_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM marketplace.question_report r
        WHERE r.question_id = p.id AND r.decided_at = p.removed_at)
) one
JOIN marketplace.product_question q ON q.id = one.question_id
LEFT JOIN (
    SELECT subject ->> 'question_ref' AS question_ref, (array_agg(person_id ORDER BY id DESC))[1]
        AS person_id
    FROM kernel.audit
    WHERE command IN ('marketplace.questions.service.decide', 'marketplace.questions.decide')
    GROUP BY 1
) trail ON trail.question_ref = q.ref AND one.decided_at IS NOT DISTINCT FROM q.removed_at;

INSERT INTO marketplace.moderation_decision (id, ref, kind, subject_id, outcome, ground, words,
    decided_by, decided_at, objection_until)
SELECT id, ref, 'question', question_id, CASE WHEN is_removal THEN 'removed' ELSE 'kept' END,
    'other', words, decided_by, decided_at, decided_at + interval '184 days' FROM decided;
INSERT INTO marketplace.moderation_decision_shop (vendor_id, decision_id)
SELECT vendor_id, id FROM decided;

-- A report had neither ground nor words, and its writer was signed in.
INSERT INTO marketplace.moderation_report (id, ref, kind, subject_id, reason, words, reporter_id,
    name, email, locale, reported_at, decision_id)
SELECT gen_random_uuid(), 'QR-' || upper(left(replace(gen_random_uuid()::text, '-', ''), 12)),
    'question', r.question_id, 'other', '—', r.reporter_id, p.name, p.email, p.locale,
    r.reported_at, d.id
FROM marketplace.question_report r JOIN kernel.person p ON p.id = r.reporter_id
LEFT JOIN decided d ON d.question_id = r.question_id AND d.decided_at = r.decided_at;
-- By a report a case is opened, so a removal without any gets one that is nobody's.
INSERT INTO marketplace.moderation_report (id, ref, kind, subject_id, reason, words, reporter_id,
    name, email, locale, reported_at, decision_id)
SELECT gen_random_uuid(), 'QR-' || upper(left(replace(gen_random_uuid()::text, '-', ''), 12)),
    'question', d.question_id, 'other', '', NULL, '', '', 'en', d.decided_at, d.id
FROM decided d WHERE NOT EXISTS (
    SELECT FROM marketplace.moderation_report r WHERE r.decision_id = d.id);

-- What was told of a removal is told as the decision that it was: its letter says how to object.
UPDATE kernel.outbox o SET name = 'marketplace.question.decided.v1',
    payload = o.payload - 'question_ref'
        || jsonb_build_object('decision_ref', d.ref, 'outcome', 'removed')
FROM decided d
WHERE o.name = 'marketplace.question.removed.v1' AND d.is_removal
    AND d.question_ref = o.payload ->> 'question_ref';

DROP TABLE marketplace.question_report;
ALTER TABLE marketplace.product_question DROP COLUMN removed_why;
