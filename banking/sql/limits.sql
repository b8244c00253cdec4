-- What customers asked for stays as they asked for it.
CREATE OR REPLACE TRIGGER own_limits_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.own_limits
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER tier_grants_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.tier_grants
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What was shown, checked and decided stays; an application alone moves on.
CREATE OR REPLACE TRIGGER application_documents_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.application_documents
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER document_openings_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.document_openings
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER document_deletions_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.document_deletions
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER application_checks_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.application_checks
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER application_reviews_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.application_reviews
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What a window's account may count up to, NULL when its wallet has no allowance. The row is locked
-- against change until the account stands: a limit that is lowered meanwhile finds it and lowers it.
CREATE OR REPLACE FUNCTION banking.allowance_for(p_kind text, p_key text, p_currency text)
RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT amount_minor FROM banking.allowances
    WHERE wallet_id = split_part(p_key, ':', 1)::uuid AND period = substr(p_kind, 7)
        AND currency = p_currency
    FOR SHARE
$$;
