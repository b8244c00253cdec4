-- Whose turn it was, and what a payout went through, is evidence.
CREATE OR REPLACE TRIGGER payout_turns_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.payout_turns
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER payout_steps_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.payout_steps
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
