-- A table that wears this trigger keeps every row as it was written, whoever asks.
CREATE OR REPLACE FUNCTION kernel.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: rows there are evidence', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'EN001';
END
$$;

CREATE OR REPLACE TRIGGER audit_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.audit
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
-- A document may be thrown away, but what bears its hash stays what it was.
CREATE OR REPLACE TRIGGER document_stays_as_made BEFORE UPDATE ON kernel.document
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();


-- What happened to somebody's account is told as it was.
CREATE OR REPLACE TRIGGER safety_log_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.safety_log
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
