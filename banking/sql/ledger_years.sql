-- The ledger by years.
--
-- Entries lie by the numbers of their journals, and each year has numbers of its own: the journals of
-- 2027 begin at 2 027 000 000 000 001. So a year is a stretch of numbers that is known before it
-- begins, a key of journal and leg stays unique in the whole ledger, and who knows a journal knows
-- the table of its entries. What was booked before years had numbers lies in entries_before. Journals
-- themselves stay in one table: their keys are what makes a repeated booking harmless, and a key may
-- come again after years.

CREATE OR REPLACE FUNCTION banking.first_journal(p_year int) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT p_year * 1000000000000::bigint
$$;

-- Lets a table of entries refuse what the ledger refuses, for whoever does not come through it.
CREATE OR REPLACE FUNCTION banking.guard_entries(p_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER entries_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE'
        ' ON %s FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change()', p_table);
    EXECUTE format('CREATE OR REPLACE TRIGGER whole_and_balanced AFTER INSERT ON %s'
        ' REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT'
        ' EXECUTE FUNCTION banking.check_entries()', p_table);
END $$;
REVOKE EXECUTE ON FUNCTION banking.guard_entries FROM PUBLIC;

-- Gives a year its table, and says whether it was missing.
CREATE OR REPLACE FUNCTION banking.add_ledger_year(p_year int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_name text := 'banking.entries_' || p_year;
BEGIN
    IF to_regclass(v_name) IS NOT NULL OR EXISTS (
        SELECT FROM banking.ledger_years WHERE name = p_year::text
    ) THEN
        RETURN false;
    END IF;
    PERFORM kernel.add_partition('banking.entries', v_name,
        banking.first_journal(p_year)::text, banking.first_journal(p_year + 1)::text);
    PERFORM banking.guard_entries(v_name);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION banking.add_ledger_year FROM PUBLIC;

-- Lets journals take the numbers of a year from here on; they never go back.
CREATE OR REPLACE FUNCTION banking.number_journals_of(p_year int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('banking.entries_' || p_year) IS NOT NULL AND banking.first_journal(p_year) > (
        SELECT last_value FROM banking.journals_id_seq
    ) THEN
        PERFORM setval('banking.journals_id_seq', banking.first_journal(p_year));
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION banking.number_journals_of FROM PUBLIC;

-- Gives this year and the next their tables, and lets journals take the numbers of this year once it
-- has begun; returns how many tables were missing. In a year that began unnoticed (nobody looked
-- after the house) journals go on with the numbers before: they are found all the same.
-- The owner's rights, since whoever serves makes no tables. Locks: two calls take turns.
CREATE OR REPLACE FUNCTION banking.begin_ledger_years() RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '500ms' AS $$
DECLARE
    v_now int := extract(year FROM clock_timestamp() AT TIME ZONE 'UTC');
    v_added int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('banking.ledger_years'));
    FOR v_year IN greatest(v_now, 2027) .. v_now + 1 LOOP
        v_added := v_added + banking.add_ledger_year(v_year)::int;
    END LOOP;
    PERFORM banking.number_journals_of(v_now);
    RETURN v_added;
END $$;

-- Puts years aside whose last journal was booked before a day: their entries leave the ledger as a
-- table in a schema of its own, and what they came to for each account is carried. Returns how many.
-- A year stays, with all after it, while a hold of it is open or its last entry is not in the
-- snapshots of house accounts yet. No day is later than five years ago, whoever asks.
CREATE OR REPLACE FUNCTION banking.put_ledger_years_aside(p_before date) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' SET lock_timeout = '500ms' AS $$
DECLARE
    v_before timestamptz := least(p_before,
        date_trunc('year', clock_timestamp()) - '5 years'::interval);
    v_year record;
    v_booked_at timestamptz;
    v_last bigint;
    v_put int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('banking.ledger_years'));
    FOR v_year IN
        SELECT c.oid::regclass AS entries, substr(c.relname, length('entries_') + 1) AS name,
            coalesce(substring(bound FROM 'FROM \(''?(\d+)')::bigint, 0) AS since,
            substring(bound FROM 'TO \(''?(\d+)')::bigint AS until
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
            pg_get_expr(c.relpartbound, c.oid) AS bound
        WHERE i.inhparent = 'banking.entries'::regclass
        ORDER BY until
    LOOP
        EXIT WHEN v_year.until > (SELECT last_value FROM banking.journals_id_seq);
        SELECT max(booked_at) INTO v_booked_at FROM banking.journals
        WHERE id >= v_year.since AND id < v_year.until;
        CONTINUE WHEN v_booked_at IS NULL; -- a house that is younger
        EXIT WHEN v_booked_at >= v_before;
        EXECUTE format('SELECT coalesce(max(id), 0) FROM %s', v_year.entries) INTO v_last;
        EXIT WHEN v_last > coalesce((SELECT rolled_up_to FROM banking.roll_up_mark), 0) OR EXISTS (
            SELECT FROM banking.holds WHERE state = 'open' AND journal_id < v_year.until
        );
        INSERT INTO banking.ledger_years (name, first_journal, end_journal, journals, entries,
            first_booked_at, last_booked_at, put_aside_at)
        SELECT v_year.name, v_year.since, v_year.until, count(*), sum(legs),
            min(booked_at), max(booked_at), clock_timestamp()
        FROM banking.journals WHERE id >= v_year.since AND id < v_year.until;
        EXECUTE format('INSERT INTO banking.ledger_carried (year, account_id, currency, posted, held)'
            ' SELECT $1, account_id, currency, coalesce(sum(amount) FILTER (WHERE phase = 1), 0),'
            ' coalesce(sum(amount) FILTER (WHERE phase = 2), 0)'
            ' FROM %s GROUP BY account_id, currency', v_year.entries) USING v_year.name;
        EXECUTE format('ALTER TABLE banking.entries DETACH PARTITION %s', v_year.entries);
        EXECUTE format('ALTER TABLE %s SET SCHEMA banking_past', v_year.entries);
        v_put := v_put + 1;
    END LOOP;
    RETURN v_put;
END $$;

CREATE OR REPLACE TRIGGER ledger_years_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.ledger_years
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER ledger_carried_is_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.ledger_carried
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Years that were put aside. Nobody who serves gets in.
CREATE SCHEMA IF NOT EXISTS banking_past;
CREATE TABLE IF NOT EXISTS banking.entries_before PARTITION OF banking.entries
    FOR VALUES FROM (MINVALUE) TO (2027000000000000);
SELECT banking.guard_entries('banking.entries_before');
SELECT banking.begin_ledger_years();
