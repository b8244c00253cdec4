-- Tables first, then what stood in those of listings and of reviews.
CREATE TABLE marketplace.moderation_decision (
    id UUID NOT NULL,
    ref TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    ground TEXT NOT NULL,
    words TEXT NOT NULL,
    decided_by UUID NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    objection_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_moderation_decision PRIMARY KEY (id),
    CONSTRAINT ck_moderation_decision_outcome_known CHECK (outcome IN ('kept', 'removed')),
    CONSTRAINT ck_moderation_decision_names_a_ground CHECK (ground <> ''),
    CONSTRAINT ck_moderation_decision_says_why CHECK (words <> ''),
    CONSTRAINT uq_moderation_decision_ref UNIQUE (ref)
);
CREATE INDEX ix_moderation_decision_subject ON marketplace.moderation_decision (kind, subject_id, decided_at);

CREATE TABLE marketplace.moderation_decision_shop (
    vendor_id BIGINT NOT NULL,
    decision_id UUID NOT NULL,
    CONSTRAINT pk_moderation_decision_shop PRIMARY KEY (vendor_id, decision_id),
    CONSTRAINT fk_moderation_decision_shop_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id),
    CONSTRAINT fk_moderation_decision_shop_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.moderation_decision (id)
);
CREATE INDEX ix_moderation_decision_shop_decision_id ON marketplace.moderation_decision_shop (decision_id);

CREATE TABLE marketplace.moderation_objection (
    decision_id UUID NOT NULL,
    words TEXT NOT NULL,
    is_of_shop BOOLEAN NOT NULL,
    objected_by UUID,
    objected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID NOT NULL,
    stands BOOLEAN,
    review_words TEXT,
    reviewed_by UUID,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_moderation_objection PRIMARY KEY (decision_id),
    CONSTRAINT ck_moderation_objection_says_why CHECK (words <> '' OR (objected_by IS NULL AND NOT is_of_shop)),
    CONSTRAINT ck_moderation_objection_reviewed_whole CHECK (num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)),
    CONSTRAINT ck_moderation_objection_reviewed_by_another CHECK (reviewed_by <> decided_by),
    CONSTRAINT ck_moderation_objection_reviewed_by_an_outsider CHECK (reviewed_by <> objected_by),
    CONSTRAINT fk_moderation_objection_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.moderation_decision (id)
);
CREATE INDEX ix_moderation_objection_objected_by ON marketplace.moderation_objection (objected_by);
CREATE INDEX ix_moderation_objection_waiting ON marketplace.moderation_objection (objected_at, decision_id) WHERE reviewed_at IS NULL;

CREATE TABLE marketplace.moderation_report (
    id UUID NOT NULL,
    ref TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    reporter_id UUID,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decision_id UUID,
    CONSTRAINT pk_moderation_report PRIMARY KEY (id),
    CONSTRAINT ck_moderation_report_names_a_reason CHECK (reason <> ''),
    CONSTRAINT ck_moderation_report_says_what CHECK (words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2),
    CONSTRAINT uq_moderation_report_ref UNIQUE (ref),
    CONSTRAINT fk_moderation_report_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.moderation_decision (id)
);
CREATE INDEX ix_moderation_report_decision_id ON marketplace.moderation_report (decision_id);
CREATE INDEX ix_moderation_report_reporter_id ON marketplace.moderation_report (reporter_id);
CREATE INDEX ix_moderation_report_subject ON marketplace.moderation_report (kind, subject_id);
CREATE INDEX ix_moderation_report_waiting ON marketplace.moderation_report (kind, reported_at, id) WHERE decision_id IS NULL;
CREATE UNIQUE INDEX uq_moderation_report_one_open ON marketplace.moderation_report (kind, subject_id, email) WHERE decision_id IS NULL;

INSERT INTO marketplace.moderation_decision (id, ref, kind, subject_id, outcome, ground, words,
    decided_by, decided_at, objection_until)
SELECT id, ref, 'listing', product_id, outcome, ground, words, decided_by, decided_at,
    objection_until FROM marketplace.listing_decision
UNION ALL
SELECT id, ref, 'review', review_id, outcome, ground, words, decided_by, decided_at,
    objection_until FROM marketplace.review_decision;
INSERT INTO marketplace.moderation_decision_shop (vendor_id, decision_id)
SELECT vendor_id, decision_id FROM marketplace.listing_decision_seller;
INSERT INTO marketplace.moderation_report (id, ref, kind, subject_id, reason, words, reporter_id,
    name, email, locale, reported_at, decision_id)
SELECT id, ref, 'listing', product_id, reason, words, reporter_id, name, email, locale, reported_at,
    decision_id FROM marketplace.listing_report
UNION ALL
SELECT id, ref, 'review', review_id, reason, words, reporter_id, name, email, locale, reported_at,
    decision_id FROM marketplace.review_report;
-- Shops objected about listings, authors about reviews.
INSERT INTO marketplace.moderation_objection (decision_id, words, is_of_shop, objected_by,
    objected_at, decided_by, stands, review_words, reviewed_by, reviewed_at)
SELECT decision_id, words, true, objected_by, objected_at, decided_by, stands, review_words,
    reviewed_by, reviewed_at FROM marketplace.listing_objection
UNION ALL
SELECT decision_id, words, false, objected_by, objected_at, decided_by, stands, review_words,
    reviewed_by, reviewed_at FROM marketplace.review_objection;

DROP TABLE marketplace.listing_objection, marketplace.listing_report,
    marketplace.listing_decision_seller, marketplace.listing_decision,
    marketplace.review_objection, marketplace.review_report, marketplace.review_decision;

-- What was decided on a subject, and why, is told as it was.
CREATE TRIGGER moderation_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.moderation_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER moderation_decision_shop_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.moderation_decision_shop
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
