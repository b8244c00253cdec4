-- Policy numbers run through the house; gaps are harmless, repeats are not.
CREATE SEQUENCE IF NOT EXISTS insurance.policy_number START WITH 48213;

-- What happened to a policy or a claim stays as it was written.
CREATE OR REPLACE TRIGGER policy_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.policy_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER claim_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.claim_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER cargo_claim_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.cargo_claim_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER carrier_claim_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.carrier_claim_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER referral_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.referral_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER open_cover_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.open_cover_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER open_cover_moves_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.open_cover_moves
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER float_calls_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.float_calls
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER float_call_answers_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.float_call_answers
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER tax_return_lines_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.tax_return_lines
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
