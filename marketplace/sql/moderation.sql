-- What was decided on a subject, and why, is told as it was.
CREATE OR REPLACE TRIGGER moderation_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.moderation_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER moderation_decision_shop_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.moderation_decision_shop
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
