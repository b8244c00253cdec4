-- House accounts are never locked: their balance is a snapshot plus the entries since.

CREATE OR REPLACE VIEW banking.account_balances AS
SELECT a.id, a.kind, a.key, a.currency, a.guarded, a.held, a.status, a.floor, a.ceiling, a.opened_at,
    CASE WHEN a.guarded THEN a.posted ELSE a.posted + coalesce((
        SELECT sum(e.amount) FROM banking.entries e
        WHERE e.account_id = a.id AND e.id > a.rolled_up_to AND e.phase = 1
    ), 0)::bigint END AS posted
FROM banking.ledger_accounts a;

-- The last entry of a guarded account that was booked before an instant, 0 without one. Its entries
-- are numbered under its lock, so the numbers of one account follow its time and can be halved:
-- a wallet of a million entries answers in some twenty probes of an index.
CREATE OR REPLACE FUNCTION banking.entry_before(p_account bigint, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_last bigint;
    v_step bigint := 1;
    v_reached bigint := 0;
    v_booked_at timestamptz;
BEGIN
    SELECT e.id, j.booked_at INTO v_last, v_booked_at
    FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id
    WHERE e.account_id = p_account ORDER BY e.id DESC LIMIT 1;
    IF v_last IS NULL OR v_booked_at < p_at THEN
        RETURN coalesce(v_last, 0);
    END IF;
    WHILE v_step <= v_last LOOP
        v_step := v_step * 2;
    END LOOP;
    LOOP
        v_step := v_step / 2;
        EXIT WHEN v_step = 0;
        SELECT j.booked_at INTO v_booked_at
        FROM (
            SELECT e.journal_id FROM banking.entries e
            WHERE e.account_id = p_account AND e.id >= v_reached + v_step ORDER BY e.id LIMIT 1
        ) next JOIN banking.journals j ON j.id = next.journal_id;
        IF v_booked_at < p_at THEN
            v_reached := v_reached + v_step;
        END IF;
    END LOOP;
    RETURN v_reached;
END $$;

-- Moves the snapshots forward to the last mark, if every transaction that could have written an
-- entry before the mark has ended; then sets the next mark. Entry numbers are given out before
-- their transaction commits, so "all numbers up to here" is only final once those are over.
--
-- The horizon of a mark is the number of the transaction of the *next* call: it began after the mark
-- was committed, so whoever held an entry number by then has a lower number. What a snapshot
-- calls its end would not do: it counts from the last transaction that ended, and one that runs and
-- holds numbers may lie beyond it.
CREATE OR REPLACE FUNCTION banking.roll_up() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_mark banking.roll_up_mark;
    v_own bigint := pg_current_xact_id()::text::bigint;
    v_last bigint;
BEGIN
    INSERT INTO banking.roll_up_mark (id, last_entry, horizon) VALUES (1, 0, 0)
    ON CONFLICT (id) DO NOTHING;
    SELECT * INTO v_mark FROM banking.roll_up_mark WHERE id = 1 FOR UPDATE;
    IF v_mark.last_entry > v_mark.rolled_up_to AND v_mark.horizon = 0 THEN
        v_mark.horizon := v_own;
    END IF;
    IF v_mark.last_entry > v_mark.rolled_up_to
        AND pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= v_mark.horizon
    THEN
        UPDATE banking.ledger_accounts a
        SET posted = a.posted + s.amount, rolled_up_to = v_mark.last_entry
        FROM (
            SELECT h.id, sum(e.amount)::bigint AS amount
            FROM banking.ledger_accounts h
            JOIN banking.entries e ON e.account_id = h.id AND e.id > h.rolled_up_to
                AND e.id <= v_mark.last_entry AND e.phase = 1
            WHERE NOT h.guarded GROUP BY h.id
        ) s
        WHERE a.id = s.id;
        v_mark.rolled_up_to := v_mark.last_entry;
    END IF;
    IF v_mark.rolled_up_to = v_mark.last_entry THEN
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO v_last
        FROM banking.entries_id_seq;
        v_mark.last_entry := v_last;
        v_mark.horizon := 0;
    END IF;
    UPDATE banking.roll_up_mark SET last_entry = v_mark.last_entry,
        rolled_up_to = v_mark.rolled_up_to, horizon = v_mark.horizon
    WHERE id = 1;
    RETURN v_mark.rolled_up_to;
END $$;

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
