DROP FUNCTION banking.put_ledger_years_aside(date);
DROP FUNCTION banking.begin_ledger_years();
DROP FUNCTION banking.number_journals_of(int);
DROP FUNCTION banking.add_ledger_year(int);
DROP FUNCTION banking.guard_entries(regclass);
DROP FUNCTION banking.first_journal(int);

ALTER TABLE banking.entries RENAME TO by_years;
ALTER TABLE banking.by_years RENAME CONSTRAINT pk_entries TO pk_by_years;
ALTER INDEX banking.ix_entries_account_id_id RENAME TO ix_by_years_account_id_id;
ALTER SEQUENCE banking.entries_id_seq RENAME TO by_years_id_seq;
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
    CONSTRAINT ck_entries_known_phase CHECK (phase IN (1, 2)),
    -- Journals that bear numbers of a year keep the way down from being taken: nothing is lost by it.
    CONSTRAINT ck_entries_before_years CHECK (journal_id < 2027000000000000)
);
INSERT INTO banking.entries (journal_id, leg, id, account_id, currency, phase, amount, balance_after, memo)
    OVERRIDING SYSTEM VALUE
    SELECT journal_id, leg, id, account_id, currency, phase, amount, balance_after, memo
    FROM banking.by_years;
CREATE INDEX ix_entries_account_id_id ON banking.entries (account_id, id);
SELECT setval('banking.entries_id_seq', last_value, is_called) FROM banking.by_years_id_seq;
CREATE TRIGGER entries_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER whole_and_balanced AFTER INSERT ON banking.entries REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION banking.check_entries();

-- Recomputes the whole ledger from its entries. STABLE, so that all of it sees one snapshot.
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
        (SELECT coalesce(sum(legs), 0) FROM part) AS entries,
        (SELECT coalesce(jsonb_object_agg(currency, total), '{}') FROM (
            SELECT currency, coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS total
            FROM banking.entries GROUP BY currency
        ) c) AS totals,
        coalesce(
            (SELECT jsonb_build_object('check', 'journal_balanced', 'journal', journal_id,
                'currency', currency, 'phase', phase, 'difference', difference)
            FROM wrong ORDER BY journal_id LIMIT 1),
            (SELECT jsonb_build_object('check', 'journal_whole',
                'journal', coalesce(j.id, e.journal_id), 'expected', j.legs, 'found', e.legs)
            FROM banking.journals j FULL JOIN part e ON e.journal_id = j.id
            WHERE j.legs IS DISTINCT FROM e.legs
            ORDER BY coalesce(j.id, e.journal_id) LIMIT 1),
            banking.first_wrong_account()) AS problem
    INTO v_found;
    RETURN jsonb_build_object(
        'entries', v_found.entries, 'totals', v_found.totals, 'problem', v_found.problem);
END $$;

-- The first account whose row is not what its entries and holds add up to, NULL when all are.
-- The running balances of a guarded account are a chain from zero to its balance: the balances
-- before its entries and its last are the same numbers as zero and the balances after. Comparing
-- sums of their hashes needs no sorting; only an account that fails is walked to name the entry.
CREATE OR REPLACE FUNCTION banking.first_wrong_account() RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH summed AS (
        SELECT account_id, max(currency) AS currency,
            coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS posted,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0) AS held,
            sum(hashint8(balance_after)) AS after,
            sum(hashint8(balance_after - CASE phase WHEN 1 THEN amount ELSE 0 END)) AS before,
            count(balance_after) = count(*) AS is_chain
        FROM banking.entries GROUP BY account_id
    ), kept AS (
        SELECT account_id, sum(amount - captured - released) AS held
        FROM banking.holds WHERE state = 'open' GROUP BY account_id
    ), compared AS (
        SELECT a.*, coalesce(s.posted, 0) AS entries_posted, coalesce(s.held, 0) AS entries_held,
            coalesce(k.held, 0) AS holds_held,
            CASE
                WHEN s.currency <> a.currency THEN 'account_currency'
                WHEN a.posted <> coalesce(s.posted, 0) THEN 'account_posted'
                WHEN NOT a.guarded THEN NULL
                WHEN a.held <> coalesce(k.held, 0) THEN 'account_holds'
                WHEN a.held <> coalesce(s.held, 0) THEN 'account_held'
                WHEN a.posted - a.held < a.floor OR a.posted > a.ceiling THEN 'account_limits'
                WHEN s.before + hashint8(a.posted) <> s.after + hashint8(0) OR NOT s.is_chain
                    THEN 'entry_balance'
            END AS failed
        FROM banking.account_balances a
        LEFT JOIN summed s ON s.account_id = a.id
        LEFT JOIN kept k ON k.account_id = a.id
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
                SELECT e.id, e.balance_after, sum(CASE e.phase WHEN 1 THEN e.amount ELSE 0 END)
                    OVER (ORDER BY e.id) AS expected
                FROM banking.entries e WHERE e.account_id = f.id
            ) w
            WHERE w.balance_after IS DISTINCT FROM w.expected ORDER BY w.id LIMIT 1
        ) ELSE '{}' END
    FROM first f
$$;

CREATE OR REPLACE VIEW banking.account_balances AS
SELECT a.id, a.kind, a.key, a.currency, a.guarded, a.held, a.status, a.floor, a.ceiling, a.opened_at,
    CASE WHEN a.guarded THEN a.posted ELSE a.posted + coalesce((
        SELECT sum(e.amount) FROM banking.entries e
        WHERE e.account_id = a.id AND e.id > a.rolled_up_to AND e.phase = 1
    ), 0)::bigint END AS posted
FROM banking.ledger_accounts a;

DROP TABLE banking.by_years;
DROP TABLE banking.ledger_carried;
DROP TABLE banking.ledger_years;
DROP SCHEMA banking_past;
