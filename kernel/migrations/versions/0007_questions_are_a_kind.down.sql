CREATE TABLE marketplace.question_report (
    question_id BIGINT NOT NULL,
    reporter_id UUID NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_question_report PRIMARY KEY (question_id, reporter_id),
    CONSTRAINT fk_question_report_question_id FOREIGN KEY(question_id) REFERENCES marketplace.product_question (id)
);
CREATE INDEX ix_question_report_waiting ON marketplace.question_report (reported_at, question_id) WHERE decided_at IS NULL;
ALTER TABLE marketplace.product_question ADD COLUMN removed_why TEXT;

UPDATE marketplace.product_question q SET removed_why = d.words, removed_at = d.decided_at
FROM (
    SELECT DISTINCT ON (subject_id) subject_id, words, decided_at
    FROM marketplace.moderation_decision WHERE kind = 'question' AND outcome = 'removed'
    ORDER BY subject_id, decided_at DESC
) d
WHERE d.subject_id = q.id AND q.removed_at IS NOT NULL;
ALTER TABLE marketplace.product_question ADD CONSTRAINT ck_product_question_removed_with_reason
    CHECK (num_nulls(removed_at, removed_why) IN (0, 2));

-- One of each person for each question, rather the one that waits; nobody's have no place here.
INSERT INTO marketplace.question_report (question_id, reporter_id, reported_at, decided_by,
    decided_at)
SELECT DISTINCT ON (r.subject_id, r.reporter_id) r.subject_id, r.reporter_id, r.reported_at,
    nullif(d.decided_by, '00000000-0000-0000-0000-000000000000'), d.decided_at
FROM marketplace.moderation_report r
LEFT JOIN marketplace.moderation_decision d ON d.id = r.decision_id
WHERE r.kind = 'question' AND r.reporter_id IS NOT NULL
ORDER BY r.subject_id, r.reporter_id, r.decision_id IS NULL DESC, r.reported_at DESC;

UPDATE kernel.outbox o SET name = 'marketplace.question.removed.v1',
    payload = o.payload - 'decision_ref' - 'outcome' || jsonb_build_object('question_ref', q.ref)
FROM marketplace.moderation_decision d
JOIN marketplace.product_question q ON q.id = d.subject_id
WHERE o.name = 'marketplace.question.decided.v1' AND o.payload ->> 'outcome' = 'removed'
    AND d.kind = 'question' AND d.ref = o.payload ->> 'decision_ref';

-- What was decided on a question is told by the rows above again, so it leaves the evidence.
ALTER TABLE marketplace.moderation_decision DISABLE TRIGGER moderation_decision_is_evidence;
ALTER TABLE marketplace.moderation_decision_shop DISABLE TRIGGER moderation_decision_shop_is_evidence;
DELETE FROM marketplace.moderation_objection o USING marketplace.moderation_decision d
    WHERE d.id = o.decision_id AND d.kind = 'question';
DELETE FROM marketplace.moderation_report WHERE kind = 'question';
DELETE FROM marketplace.moderation_decision_shop s USING marketplace.moderation_decision d
    WHERE d.id = s.decision_id AND d.kind = 'question';
DELETE FROM marketplace.moderation_decision WHERE kind = 'question';
ALTER TABLE marketplace.moderation_decision ENABLE TRIGGER moderation_decision_is_evidence;
ALTER TABLE marketplace.moderation_decision_shop ENABLE TRIGGER moderation_decision_shop_is_evidence;
