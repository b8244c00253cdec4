-- What was given and what was wrong with it is evidence; what becomes of it stands elsewhere.
CREATE OR REPLACE TRIGGER batch_files_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.batch_files
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER batch_lines_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.batch_lines
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER batch_faults_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.batch_faults
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
