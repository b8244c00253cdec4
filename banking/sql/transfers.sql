-- What a transfer went through, and what the rail notified, is evidence.
CREATE OR REPLACE TRIGGER transfer_steps_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.transfer_steps
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER late_credit_steps_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.late_credit_steps
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER rail_messages_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.rail_messages
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER standing_runs_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.standing_runs
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
