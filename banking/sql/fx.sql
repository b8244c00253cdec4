-- Published rates, exchanges and refunds are evidence; a quote may only ever be marked as used.
CREATE OR REPLACE TRIGGER fx_rates_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.fx_rates
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE OR REPLACE TRIGGER fx_executions_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.fx_executions
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE OR REPLACE TRIGGER fx_refunds_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.fx_refunds
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
