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

-- What a window's account may count up to, NULL when its wallet or owner has no allowance. The row is locked
-- against change until the account stands: a limit that is lowered meanwhile finds it and lowers it.
CREATE OR REPLACE FUNCTION banking.allowance_for(p_kind text, p_key text, p_currency text)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_whose uuid := split_part(p_key, ':', 1)::uuid;
    v_amount bigint;
BEGIN
    IF starts_with(p_kind, 'limit_owner_') THEN
        SELECT amount_minor INTO v_amount FROM banking.owner_allowances
        WHERE owner_id = v_whose AND period = substr(p_kind, 13) AND p_currency = 'EUR'
        FOR SHARE;
    ELSE
        SELECT amount_minor INTO v_amount FROM banking.allowances
        WHERE wallet_id = v_whose AND period = substr(p_kind, 7) AND currency = p_currency
        FOR SHARE;
    END IF;
    RETURN v_amount;
END $$;
