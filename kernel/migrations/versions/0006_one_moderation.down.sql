CREATE TABLE marketplace.listing_decision (
    id UUID NOT NULL,
    ref TEXT NOT NULL,
    product_id BIGINT NOT NULL,
    vendor_id BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    ground TEXT NOT NULL,
    words TEXT NOT NULL,
    decided_by UUID NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    objection_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_listing_decision PRIMARY KEY (id),
    CONSTRAINT ck_listing_decision_outcome_known CHECK (outcome IN ('kept', 'removed')),
    CONSTRAINT ck_listing_decision_ground_known CHECK (ground IN ('counterfeit', 'forbidden', 'dangerous', 'misleading', 'other')),
    CONSTRAINT ck_listing_decision_says_why CHECK (words <> ''),
    CONSTRAINT uq_listing_decision_ref UNIQUE (ref),
    CONSTRAINT fk_listing_decision_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id),
    CONSTRAINT fk_listing_decision_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);
CREATE INDEX ix_listing_decision_product_id ON marketplace.listing_decision (product_id, decided_at);

CREATE TABLE marketplace.listing_decision_seller (
    vendor_id BIGINT NOT NULL,
    decision_id UUID NOT NULL,
    CONSTRAINT pk_listing_decision_seller PRIMARY KEY (vendor_id, decision_id),
    CONSTRAINT fk_listing_decision_seller_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id),
    CONSTRAINT fk_listing_decision_seller_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.listing_decision (id)
);
CREATE INDEX ix_listing_decision_seller_decision_id ON marketplace.listing_decision_seller (decision_id);

CREATE TABLE marketplace.listing_objection (
    decision_id UUID NOT NULL,
    words TEXT NOT NULL,
    objected_by UUID,
    objected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID NOT NULL,
    stands BOOLEAN,
    review_words TEXT,
    reviewed_by UUID,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_listing_objection PRIMARY KEY (decision_id),
    CONSTRAINT ck_listing_objection_says_why CHECK (words <> ''),
    CONSTRAINT ck_listing_objection_reviewed_whole CHECK (num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)),
    CONSTRAINT ck_listing_objection_reviewed_by_another CHECK (reviewed_by <> decided_by),
    CONSTRAINT ck_listing_objection_reviewed_by_an_outsider CHECK (reviewed_by <> objected_by),
    CONSTRAINT fk_listing_objection_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.listing_decision (id)
);
CREATE INDEX ix_listing_objection_objected_by ON marketplace.listing_objection (objected_by);
CREATE INDEX ix_listing_objection_waiting ON marketplace.listing_objection (objected_at, decision_id) WHERE reviewed_at IS NULL;

CREATE TABLE marketplace.listing_report (
    id UUID NOT NULL,
    ref TEXT NOT NULL,
    product_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    reporter_id UUID,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decision_id UUID,
    CONSTRAINT pk_listing_report PRIMARY KEY (id),
    CONSTRAINT ck_listing_report_reason_known CHECK (reason IN ('counterfeit', 'forbidden', 'dangerous', 'misleading', 'other')),
    CONSTRAINT ck_listing_report_says_what CHECK (words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2),
    CONSTRAINT uq_listing_report_ref UNIQUE (ref),
    CONSTRAINT fk_listing_report_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id),
    CONSTRAINT fk_listing_report_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.listing_decision (id)
);
CREATE INDEX ix_listing_report_decision_id ON marketplace.listing_report (decision_id);
CREATE INDEX ix_listing_report_reporter_id ON marketplace.listing_report (reporter_id);
CREATE INDEX ix_listing_report_waiting ON marketplace.listing_report (reported_at, id) WHERE decision_id IS NULL;
CREATE UNIQUE INDEX uq_listing_report_one_open ON marketplace.listing_report (product_id, email) WHERE decision_id IS NULL;

CREATE TABLE marketplace.review_decision (
    id UUID NOT NULL,
    ref TEXT NOT NULL,
    review_id BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    ground TEXT NOT NULL,
    words TEXT NOT NULL,
    decided_by UUID NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    objection_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_review_decision PRIMARY KEY (id),
    CONSTRAINT ck_review_decision_outcome_known CHECK (outcome IN ('kept', 'removed')),
    CONSTRAINT ck_review_decision_ground_known CHECK (ground IN ('insulting', 'private', 'advertising', 'off_topic', 'other')),
    CONSTRAINT ck_review_decision_says_why CHECK (words <> ''),
    CONSTRAINT uq_review_decision_ref UNIQUE (ref),
    CONSTRAINT fk_review_decision_review_id FOREIGN KEY(review_id) REFERENCES marketplace.review (id)
);
CREATE INDEX ix_review_decision_review_id ON marketplace.review_decision (review_id, decided_at);

CREATE TABLE marketplace.review_objection (
    decision_id UUID NOT NULL,
    words TEXT NOT NULL,
    objected_by UUID,
    objected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID NOT NULL,
    stands BOOLEAN,
    review_words TEXT,
    reviewed_by UUID,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_review_objection PRIMARY KEY (decision_id),
    CONSTRAINT ck_review_objection_says_why CHECK (words <> '' OR objected_by IS NULL),
    CONSTRAINT ck_review_objection_reviewed_whole CHECK (num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)),
    CONSTRAINT ck_review_objection_reviewed_by_another CHECK (reviewed_by <> decided_by),
    CONSTRAINT ck_review_objection_reviewed_by_an_outsider CHECK (reviewed_by <> objected_by),
    CONSTRAINT fk_review_objection_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.review_decision (id)
);
CREATE INDEX ix_review_objection_objected_by ON marketplace.review_objection (objected_by);
CREATE INDEX ix_review_objection_waiting ON marketplace.review_objection (objected_at, decision_id) WHERE reviewed_at IS NULL;

CREATE TABLE marketplace.review_report (
    id UUID NOT NULL,
    ref TEXT NOT NULL,
    review_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    reporter_id UUID,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decision_id UUID,
    CONSTRAINT pk_review_report PRIMARY KEY (id),
    CONSTRAINT ck_review_report_reason_known CHECK (reason IN ('insulting', 'private', 'advertising', 'off_topic', 'other')),
    CONSTRAINT ck_review_report_says_what CHECK (words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2),
    CONSTRAINT uq_review_report_ref UNIQUE (ref),
    CONSTRAINT fk_review_report_review_id FOREIGN KEY(review_id) REFERENCES marketplace.review (id),
    CONSTRAINT fk_review_report_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.review_decision (id)
);
CREATE INDEX ix_review_report_decision_id ON marketplace.review_report (decision_id);
CREATE INDEX ix_review_report_reporter_id ON marketplace.review_report (reporter_id);
CREATE INDEX ix_review_report_waiting ON marketplace.review_report (reported_at, id) WHERE decision_id IS NULL;
CREATE UNIQUE INDEX uq_review_report_one_open ON marketplace.review_report (review_id, email) WHERE decision_id IS NULL;

INSERT INTO marketplace.listing_decision (id, ref, product_id, vendor_id, outcome, ground, words,
    decided_by, decided_at, objection_until)
SELECT d.id, d.ref, d.subject_id, p.vendor_id, d.outcome, d.ground, d.words, d.decided_by,
    d.decided_at, d.objection_until
FROM marketplace.moderation_decision d JOIN marketplace.product p ON p.id = d.subject_id
WHERE d.kind = 'listing';
INSERT INTO marketplace.review_decision (id, ref, review_id, outcome, ground, words, decided_by,
    decided_at, objection_until)
SELECT id, ref, subject_id, outcome, ground, words, decided_by, decided_at, objection_until
FROM marketplace.moderation_decision WHERE kind = 'review';
INSERT INTO marketplace.listing_decision_seller (vendor_id, decision_id)
SELECT vendor_id, decision_id FROM marketplace.moderation_decision_shop
WHERE decision_id IN (SELECT id FROM marketplace.listing_decision);
INSERT INTO marketplace.listing_report (id, ref, product_id, reason, words, reporter_id, name,
    email, locale, reported_at, decision_id)
SELECT id, ref, subject_id, reason, words, reporter_id, name, email, locale, reported_at,
    decision_id FROM marketplace.moderation_report WHERE kind = 'listing';
INSERT INTO marketplace.review_report (id, ref, review_id, reason, words, reporter_id, name, email,
    locale, reported_at, decision_id)
SELECT id, ref, subject_id, reason, words, reporter_id, name, email, locale, reported_at,
    decision_id FROM marketplace.moderation_report WHERE kind = 'review';
INSERT INTO marketplace.listing_objection (decision_id, words, objected_by, objected_at, decided_by,
    stands, review_words, reviewed_by, reviewed_at)
SELECT o.decision_id, o.words, o.objected_by, o.objected_at, o.decided_by, o.stands,
    o.review_words, o.reviewed_by, o.reviewed_at
FROM marketplace.moderation_objection o JOIN marketplace.listing_decision d ON d.id = o.decision_id;
INSERT INTO marketplace.review_objection (decision_id, words, objected_by, objected_at, decided_by,
    stands, review_words, reviewed_by, reviewed_at)
SELECT o.decision_id, o.words, o.objected_by, o.objected_at, o.decided_by, o.stands,
    o.review_words, o.reviewed_by, o.reviewed_at
FROM marketplace.moderation_objection o JOIN marketplace.review_decision d ON d.id = o.decision_id;

DROP TABLE marketplace.moderation_objection, marketplace.moderation_report,
    marketplace.moderation_decision_shop, marketplace.moderation_decision;

-- What was decided on a listing, and why, is told as it was.
CREATE TRIGGER listing_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER listing_decision_seller_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_decision_seller
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
-- What was decided on a review, and why, is told as it was.
CREATE TRIGGER review_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.review_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
