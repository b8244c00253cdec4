LOCK TABLE banking.entries IN ACCESS EXCLUSIVE MODE;
ALTER TABLE banking.entries RENAME TO entries_before;
ALTER TABLE banking.entries_before RENAME CONSTRAINT pk_entries TO pk_entries_before;
ALTER INDEX banking.ix_entries_account_id_id RENAME TO ix_entries_before_account_id_id;
-- The numbers go on where they are, in the sequence of the new table.
CREATE TEMPORARY TABLE reached ON COMMIT DROP AS
    SELECT last_value, is_called FROM banking.entries_id_seq;
ALTER TABLE banking.entries_before ALTER COLUMN id DROP IDENTITY;

CREATE TABLE banking.entries (
    journal_id bigint NOT NULL,
    leg smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    account_id bigint NOT NULL,
    currency text NOT NULL,
    phase smallint NOT NULL,
    amount bigint NOT NULL,
    balance_after bigint,
    memo text DEFAULT '' NOT NULL,
    CONSTRAINT pk_entries PRIMARY KEY (journal_id, leg),
    CONSTRAINT ck_entries_amount_not_zero CHECK (amount <> 0),
    CONSTRAINT ck_entries_known_phase CHECK (phase IN (1, 2))
) PARTITION BY RANGE (journal_id);
CREATE INDEX ix_entries_account_id_id ON banking.entries (account_id, id);
SELECT setval('banking.entries_id_seq', last_value, is_called) FROM reached;
CREATE TRIGGER entries_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER whole_and_balanced AFTER INSERT ON banking.entries REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION banking.check_entries();

CREATE TABLE banking.ledger_years (
    name text NOT NULL,
    first_journal bigint NOT NULL,
    end_journal bigint NOT NULL,
    journals bigint NOT NULL,
    entries bigint NOT NULL,
    first_booked_at timestamptz NOT NULL,
    last_booked_at timestamptz NOT NULL,
    put_aside_at timestamptz NOT NULL,
    CONSTRAINT pk_ledger_years PRIMARY KEY (name)
);
CREATE TABLE banking.ledger_carried (
    account_id bigint NOT NULL,
    year text NOT NULL,
    currency text NOT NULL,
    posted bigint NOT NULL,
    held bigint NOT NULL,
    CONSTRAINT pk_ledger_carried PRIMARY KEY (account_id, year)
);
CREATE SCHEMA banking_past;

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

ALTER TABLE banking.entries ATTACH PARTITION banking.entries_before
    FOR VALUES FROM (MINVALUE) TO (2027000000000000);
ALTER TABLE banking.entries_before DROP CONSTRAINT ck_entries_before_years;
SELECT banking.guard_entries('banking.entries_before');
SELECT banking.begin_ledger_years();

-- Recomputes the whole ledger from its entries, and of years that were put aside from what is carried
-- of them. STABLE, so that all of it sees one snapshot.
-- One look at a journal's sums settles it where all its entries are of one currency; only journals
-- of several are added up again by currency.
-- Shape: {"entries": n, "totals": {"EUR": 0}, "problem": null | {"check", "journal" or "account", …}}.
CREATE OR REPLACE FUNCTION banking.verify_ledger() RETURNS jsonb LANGUAGE plpgsql STABLE
SET work_mem = '256MB' AS $$
DECLARE
    v_found record;
BEGIN
    WITH part AS MATERIALIZED (
        SELECT journal_id, count(*) AS legs, min(currency) <> max(currency) AS is_mixed,
            coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS booked,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0) AS held
        FROM banking.entries GROUP BY journal_id
    ), suspect AS MATERIALIZED (
        SELECT journal_id FROM part WHERE is_mixed OR booked <> 0 OR held <> 0
    ), wrong AS MATERIALIZED (
        SELECT journal_id, currency, phase, sum(amount) AS difference
        FROM banking.entries WHERE journal_id IN (SELECT journal_id FROM suspect)
        GROUP BY journal_id, currency, phase HAVING sum(amount) <> 0
    )
    SELECT
        (SELECT coalesce(sum(legs), 0) FROM part)
            + (SELECT coalesce(sum(entries), 0) FROM banking.ledger_years) AS entries,
        (SELECT coalesce(jsonb_object_agg(currency, total), '{}') FROM (
            SELECT currency, sum(posted) AS total FROM (
                SELECT currency, coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS posted
                FROM banking.entries GROUP BY currency
                UNION ALL SELECT currency, posted FROM banking.ledger_carried
            ) all_years GROUP BY currency
        ) c) AS totals,
        coalesce(
            (SELECT jsonb_build_object('check', 'journal_balanced', 'journal', journal_id,
                'currency', currency, 'phase', phase, 'difference', difference)
            FROM wrong ORDER BY journal_id LIMIT 1),
            (SELECT jsonb_build_object('check', 'journal_whole',
                'journal', coalesce(j.id, e.journal_id), 'expected', j.legs, 'found', e.legs)
            FROM banking.journals j FULL JOIN part e ON e.journal_id = j.id
            WHERE j.legs IS DISTINCT FROM e.legs AND (e.journal_id IS NOT NULL OR j.id >= (
                SELECT coalesce(max(end_journal), 0) FROM banking.ledger_years
            ))
            ORDER BY coalesce(j.id, e.journal_id) LIMIT 1),
            (SELECT jsonb_build_object('check', 'year_whole', 'year', y.name,
                'expected', y.entries, 'found', f.legs)
            FROM banking.ledger_years y CROSS JOIN LATERAL (
                SELECT count(*) AS journals, coalesce(sum(j.legs), 0) AS legs
                FROM banking.journals j WHERE j.id >= y.first_journal AND j.id < y.end_journal
            ) f
            WHERE (f.journals, f.legs) <> (y.journals, y.entries) ORDER BY y.end_journal LIMIT 1),
            banking.first_wrong_account()) AS problem
    INTO v_found;
    RETURN jsonb_build_object(
        'entries', v_found.entries, 'totals', v_found.totals, 'problem', v_found.problem);
END $$;

-- The first account whose row is not what its entries and holds add up to, NULL when all are.
-- The running balances of a guarded account are a chain from what is carried of it (zero, before any
-- year was put aside) to its balance: the balances before its entries and its last are the same
-- numbers as the first and the balances after. Comparing sums of their hashes needs no sorting; only
-- an account that fails is walked to name the entry.
CREATE OR REPLACE FUNCTION banking.first_wrong_account() RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH summed AS (
        SELECT account_id, max(currency) AS currency,
            coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS posted,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0) AS held,
            sum(hashint8(balance_after)) AS after,
            sum(hashint8(balance_after - CASE phase WHEN 1 THEN amount ELSE 0 END)) AS before,
            count(balance_after) = count(*) AS is_chain
        FROM banking.entries GROUP BY account_id
    ), carried AS (
        SELECT account_id, sum(posted)::bigint AS posted, sum(held)::bigint AS held
        FROM banking.ledger_carried GROUP BY account_id
    ), kept AS (
        SELECT account_id, sum(amount - captured - released) AS held
        FROM banking.holds WHERE state = 'open' GROUP BY account_id
    ), compared AS (
        SELECT a.*, coalesce(c.posted, 0) AS carried, t.posted AS entries_posted,
            t.held AS entries_held, coalesce(k.held, 0) AS holds_held,
            CASE
                WHEN s.currency <> a.currency THEN 'account_currency'
                WHEN a.posted <> t.posted THEN 'account_posted'
                WHEN NOT a.guarded THEN NULL
                WHEN a.held <> coalesce(k.held, 0) THEN 'account_holds'
                WHEN a.held <> t.held THEN 'account_held'
                WHEN a.posted - a.held < a.floor OR a.posted > a.ceiling THEN 'account_limits'
                WHEN s.before + hashint8(a.posted) <> s.after + hashint8(coalesce(c.posted, 0))
                    OR NOT s.is_chain THEN 'entry_balance'
            END AS failed
        FROM banking.account_balances a
        LEFT JOIN summed s ON s.account_id = a.id
        LEFT JOIN carried c ON c.account_id = a.id
        LEFT JOIN kept k ON k.account_id = a.id
        CROSS JOIN LATERAL (
            SELECT coalesce(s.posted, 0) + coalesce(c.posted, 0) AS posted,
                coalesce(s.held, 0) + coalesce(c.held, 0) AS held
        ) t
    ), first AS (
        SELECT * FROM compared WHERE failed IS NOT NULL ORDER BY id LIMIT 1
    )
    SELECT jsonb_build_object('check', f.failed, 'account', f.id, 'kind', f.kind, 'key', f.key,
        'currency', f.currency, 'posted', f.posted, 'entries_posted', f.entries_posted,
        'held', f.held, 'entries_held', f.entries_held, 'holds_held', f.holds_held)
        || CASE WHEN f.failed = 'entry_balance' THEN (
            SELECT jsonb_build_object(
                'entry', w.id, 'balance_after', w.balance_after, 'expected', w.expected)
            FROM (
                SELECT e.id, e.balance_after, f.carried
                    + sum(CASE e.phase WHEN 1 THEN e.amount ELSE 0 END) OVER (ORDER BY e.id) AS expected
                FROM banking.entries e WHERE e.account_id = f.id
            ) w
            WHERE w.balance_after IS DISTINCT FROM w.expected ORDER BY w.id LIMIT 1
        ) ELSE '{}' END
    FROM first f
$$;

-- It looked at the table that has another name now.
CREATE OR REPLACE VIEW banking.account_balances AS
SELECT a.id, a.kind, a.key, a.currency, a.guarded, a.held, a.status, a.floor, a.ceiling, a.opened_at,
    CASE WHEN a.guarded THEN a.posted ELSE a.posted + coalesce((
        SELECT sum(e.amount) FROM banking.entries e
        WHERE e.account_id = a.id AND e.id > a.rolled_up_to AND e.phase = 1
    ), 0)::bigint END AS posted
FROM banking.ledger_accounts a;
-- Whoever is at work goes on in the next moment.
DO $$
BEGIN
    IF to_regrole('entrepot_app') IS NOT NULL THEN
        GRANT SELECT, INSERT, MAINTAIN ON banking.entries, banking.ledger_years, banking.ledger_carried
            TO entrepot_app;
        GRANT USAGE, SELECT ON SEQUENCE banking.entries_id_seq TO entrepot_app;
    END IF;
END $$;
