-- What the house may do when it serves: everything but change evidence. Tables that wear
-- kernel.refuse_change() give no right to what that trigger refuses, so a mistake in the house is
-- stopped twice, and by two different means.
DO $$
DECLARE
    v_schema text;
    v_table record;
BEGIN
    BEGIN
        CREATE ROLE entrepot_app NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- roles belong to the server: another database of the house made it
    END;
    IF NOT pg_has_role('entrepot_app', 'SET') THEN
        GRANT entrepot_app TO CURRENT_USER;
    END IF;
    FOREACH v_schema IN ARRAY ARRAY['kernel', 'banking', 'insurance', 'search', 'marketplace'] LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO entrepot_app', v_schema);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON ALL TABLES IN SCHEMA %I'
            ' TO entrepot_app', v_schema);
        EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO entrepot_app', v_schema);
    END LOOP;
    -- A partition is reached through its table alone, whose triggers and rights hold there.
    FOR v_table IN
        SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relispartition AND c.relkind = 'r'
            AND n.nspname IN ('kernel', 'banking', 'insurance', 'search', 'marketplace')
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM entrepot_app', v_table.name);
    END LOOP;
    IF to_regclass('public.alembic_version') IS NOT NULL THEN
        -- so that a process can say that its database has an older shape
        GRANT SELECT ON public.alembic_version TO entrepot_app;
    END IF;
    FOR v_table IN
        SELECT tgrelid::regclass AS name, (bit_or(tgtype) & 16) <> 0 AS no_update,
            (bit_or(tgtype) & 8) <> 0 AS no_delete
        FROM pg_trigger WHERE tgfoid = 'kernel.refuse_change'::regproc GROUP BY tgrelid
    LOOP
        IF v_table.no_update THEN
            EXECUTE format('REVOKE UPDATE ON %s FROM entrepot_app', v_table.name);
        END IF;
        IF v_table.no_delete THEN
            EXECUTE format('REVOKE DELETE ON %s FROM entrepot_app', v_table.name);
        END IF;
    END LOOP;
END $$;
