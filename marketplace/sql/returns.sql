-- What went back, and how a return came to that, is told as it was.
CREATE OR REPLACE TRIGGER order_refund_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.order_refund
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER return_step_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.return_step
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
