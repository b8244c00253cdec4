-- What was decided on a listing, and why, is told as it was.
CREATE OR REPLACE TRIGGER listing_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER listing_decision_seller_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_decision_seller
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
