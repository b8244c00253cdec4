-- Who approved what stays: an approval is marked as given, used or withdrawn, never taken away.
CREATE OR REPLACE TRIGGER approvals_are_evidence BEFORE DELETE OR TRUNCATE ON banking.approvals
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE OR REPLACE TRIGGER approval_terms_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.approval_terms
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
