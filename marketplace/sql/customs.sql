-- Promises and the authority's words are evidence.
CREATE OR REPLACE TRIGGER customs_quote_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.customs_quote
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER customs_declaration_step_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.customs_declaration_step
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
