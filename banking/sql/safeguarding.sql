-- What others' books say, and what was compared when, is evidence.
CREATE OR REPLACE TRIGGER statement_lines_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.statement_lines
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER comparisons_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.comparisons
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER safeguarding_days_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.safeguarding_days
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER safeguarding_parts_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.safeguarding_parts
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Which kinds of account count for safeguarding on a day, by the newest row that holds then.
CREATE OR REPLACE FUNCTION banking.scope_on(p_on date) RETURNS TABLE (kind text, side text)
LANGUAGE sql STABLE AS $$
    SELECT n.kind, n.side FROM (
        SELECT DISTINCT ON (s.kind) s.kind, s.side FROM banking.safeguarding_scope s
        WHERE s.valid_from <= p_on ORDER BY s.kind, s.valid_from DESC
    ) n WHERE n.side <> 'none'
$$;
