-- What the card network told us is evidence.
CREATE OR REPLACE TRIGGER provider_events_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.provider_events
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
