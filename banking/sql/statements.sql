-- What others' books say, and what was compared when, is evidence.
CREATE TRIGGER statement_lines_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.statement_lines
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER comparisons_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.comparisons
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
