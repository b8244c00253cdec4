-- What a shop changed on a listing is told as it was.
CREATE OR REPLACE TRIGGER listing_revision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_revision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
