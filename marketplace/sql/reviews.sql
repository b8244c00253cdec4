-- What was decided on a review, and why, is told as it was.
CREATE OR REPLACE TRIGGER review_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.review_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
