-- A closed month stays as it was closed.
CREATE OR REPLACE TRIGGER statements_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.statements
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
-- What went into a pot and came out of it stays told.
CREATE OR REPLACE TRIGGER pot_moves_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.pot_moves
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
