-- House accounts are never locked: their balance is a snapshot plus the entries since.

CREATE OR REPLACE VIEW banking.account_balances AS
SELECT a.id, a.kind, a.key, a.currency, a.guarded, a.held, a.status, a.floor, a.ceiling, a.opened_at,
    CASE WHEN a.guarded THEN a.posted ELSE a.posted + coalesce((
        SELECT sum(e.amount) FROM banking.entries e
        WHERE e.account_id = a.id AND e.id > a.rolled_up_to AND e.phase = 1
    ), 0)::bigint END AS posted
FROM banking.ledger_accounts a;

-- Moves the snapshots forward to the last mark, if every transaction that could have written an
-- entry before the mark has ended; then sets the next mark. Entry numbers are given out before
-- their transaction commits, so "all numbers up to here" is only final once those are over.
CREATE OR REPLACE FUNCTION banking.roll_up() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_mark banking.roll_up_mark;
    v_last bigint;
BEGIN
    INSERT INTO banking.roll_up_mark (id, last_entry, horizon) VALUES (1, 0, 0)
    ON CONFLICT (id) DO NOTHING;
    SELECT * INTO v_mark FROM banking.roll_up_mark WHERE id = 1 FOR UPDATE;
    IF pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= v_mark.horizon
        AND v_mark.last_entry > v_mark.rolled_up_to
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
    -- First the number, then the horizon: whoever holds a number up to here is older than it.
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO v_last FROM banking.entries_id_seq;
    IF v_mark.rolled_up_to = v_mark.last_entry THEN
        UPDATE banking.roll_up_mark SET last_entry = v_last, rolled_up_to = v_mark.rolled_up_to,
            horizon = pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        WHERE id = 1;
    END IF;
    RETURN v_mark.rolled_up_to;
END $$;

-- Recomputes the whole ledger from its entries. STABLE, so that all of it sees one snapshot.
-- Shape: {"entries": n, "totals": {"EUR": 0}, "problem": null | {"check", "subject", …}}.
CREATE OR REPLACE FUNCTION banking.verify_ledger() RETURNS jsonb LANGUAGE plpgsql STABLE
SET work_mem = '256MB' AS $$
DECLARE
    v_totals jsonb;
    v_entries bigint;
    v_problem jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(currency, total), '{}'), coalesce(sum(n), 0)
    INTO v_totals, v_entries
    FROM (
        SELECT currency, sum(amount) FILTER (WHERE phase = 1) AS total, count(*) AS n
        FROM banking.entries GROUP BY currency
    ) c;

    SELECT jsonb_build_object('check', 'journal_balanced', 'journal', journal_id,
        'currency', currency, 'phase', phase, 'difference', difference) INTO v_problem
    FROM (
        SELECT journal_id, currency, phase, sum(amount) AS difference
        FROM banking.entries GROUP BY journal_id, currency, phase HAVING sum(amount) <> 0
        ORDER BY journal_id LIMIT 1
    ) f;
    IF v_problem IS NULL THEN
        SELECT jsonb_build_object('check', 'journal_whole', 'journal', coalesce(j.id, e.journal_id),
            'expected', j.legs, 'found', e.legs) INTO v_problem
        FROM banking.journals j
        FULL JOIN (
            SELECT journal_id, count(*) AS legs FROM banking.entries GROUP BY journal_id
        ) e ON e.journal_id = j.id
        WHERE j.legs IS DISTINCT FROM e.legs
        ORDER BY coalesce(j.id, e.journal_id) LIMIT 1;
    END IF;
    IF v_problem IS NULL THEN
        SELECT jsonb_build_object('check', 'account_' || CASE
                WHEN coalesce(s.currencies, a.currency) <> a.currency THEN 'currency'
                WHEN posted_by_entries <> a.posted THEN 'posted'
                WHEN a.held <> held_by_holds THEN 'holds' WHEN a.held <> held_by_entries THEN 'held'
                ELSE 'limits' END,
            'account', a.id, 'kind', a.kind, 'key', a.key, 'currency', a.currency,
            'posted', a.posted, 'entries', posted_by_entries,
            'held', a.held, 'held_entries', held_by_entries, 'holds', held_by_holds)
        INTO v_problem
        FROM (
            SELECT b.*, r.rolled_up_to FROM banking.account_balances b
            JOIN banking.ledger_accounts r ON r.id = b.id
        ) a
        LEFT JOIN (
            SELECT account_id, max(currency) AS currencies,
                coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS posted,
                coalesce(sum(amount) FILTER (WHERE phase = 2), 0) AS held
            FROM banking.entries GROUP BY account_id
        ) s ON s.account_id = a.id
        LEFT JOIN (
            SELECT account_id, sum(amount - captured - released) AS held
            FROM banking.holds WHERE state = 'open' GROUP BY account_id
        ) h ON h.account_id = a.id
        CROSS JOIN LATERAL (SELECT coalesce(s.posted, 0) AS posted_by_entries,
            coalesce(s.held, 0) AS held_by_entries, coalesce(h.held, 0) AS held_by_holds) t
        WHERE coalesce(s.currencies, a.currency) <> a.currency
            OR posted_by_entries <> a.posted
            OR a.guarded AND (a.held <> held_by_entries OR a.held <> held_by_holds
                OR a.posted - a.held < a.floor OR a.posted > a.ceiling)
        ORDER BY a.id LIMIT 1;
    END IF;
    IF v_problem IS NULL THEN
        SELECT jsonb_build_object('check', 'entry_balance', 'account', c.account_id, 'entry', c.id,
            'balance_after', c.balance_after, 'expected', c.running) INTO v_problem
        FROM (
            SELECT e.account_id, e.id, e.balance_after,
                sum(CASE e.phase WHEN 1 THEN e.amount ELSE 0 END)
                    OVER (PARTITION BY e.account_id ORDER BY e.id) AS running
            FROM banking.entries e JOIN banking.ledger_accounts a ON a.id = e.account_id
            WHERE a.guarded
        ) c
        WHERE c.balance_after IS DISTINCT FROM c.running ORDER BY c.id LIMIT 1;
    END IF;
    RETURN jsonb_build_object('entries', v_entries, 'totals', v_totals, 'problem', v_problem);
END $$;
