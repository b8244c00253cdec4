-- The ledger's own rules and its posting functions.
--
-- Refusals are raised with SQLSTATE class BK; banking/core/ledger/service.py turns them into errors.
--   BK001 insufficient funds   BK002 ceiling reached      BK003 account frozen
--   BK004 account unknown      BK005 idempotency mismatch BK006 unbalanced or incomplete journal
--   BK007 currency mismatch    BK010 hold unknown         BK011 hold resolved
--   BK012 hold exceeded        BK013 capture mismatch

-- What was booked stays booked -----------------------------------------------------------------

CREATE OR REPLACE TRIGGER journals_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.journals
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Every journal of a statement whole and balanced, every currency right.
CREATE OR REPLACE FUNCTION banking.check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_bad record;
BEGIN
    -- Nearly every statement writes one journal in one currency: one look at its entries will do.
    IF (
        SELECT min(f.journal_id) = max(f.journal_id) AND min(f.currency) = max(f.currency)
            AND min(f.phase) = max(f.phase) AND sum(f.amount) = 0
            AND min(f.leg) = 1 AND max(f.leg) = count(*)
            AND count(*) = (SELECT j.legs FROM banking.journals j WHERE j.id = min(f.journal_id))
            AND bool_and(a.currency IS NOT DISTINCT FROM f.currency)
        FROM fresh f LEFT JOIN banking.ledger_accounts a ON a.id = f.account_id
    ) THEN
        RETURN NULL;
    END IF;
    SELECT
        (SELECT (journal_id, sum(amount), currency)::text FROM fresh
            GROUP BY journal_id, currency, phase HAVING sum(amount) <> 0 LIMIT 1) AS unbalanced,
        (SELECT w.journal_id
            FROM (SELECT journal_id, count(*) AS legs, min(leg) AS first, max(leg) AS last
                FROM fresh GROUP BY journal_id) w
            LEFT JOIN banking.journals j ON j.id = w.journal_id
            WHERE j.legs IS DISTINCT FROM w.legs OR w.first <> 1 OR w.last <> w.legs
            LIMIT 1) AS incomplete,
        (SELECT (f.account_id, f.currency, a.currency)::text
            FROM (SELECT DISTINCT account_id, currency FROM fresh) f
            LEFT JOIN banking.ledger_accounts a ON a.id = f.account_id
            WHERE a.currency IS DISTINCT FROM f.currency LIMIT 1) AS foreign_leg
    INTO v_bad;
    IF v_bad.unbalanced IS NOT NULL THEN
        RAISE EXCEPTION 'journal, difference, currency: %', v_bad.unbalanced
            USING ERRCODE = 'BK006', DETAIL = '{}';
    ELSIF v_bad.incomplete IS NOT NULL THEN
        RAISE EXCEPTION 'journal % is not written whole', v_bad.incomplete
            USING ERRCODE = 'BK006', DETAIL = '{}';
    ELSIF v_bad.foreign_leg IS NOT NULL THEN
        RAISE EXCEPTION 'account, currency of the leg, of the account: %', v_bad.foreign_leg
            USING ERRCODE = 'BK007', DETAIL = '{}';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER whole_and_balanced AFTER INSERT ON banking.entries
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION banking.check_entries();

-- Accounts ---------------------------------------------------------------------------------------

-- The ids of named accounts, in the order given. House, escrow and owing accounts open themselves;
-- so does a limit, but only with an allowance: without one it stays unknown and nothing is booked.
CREATE OR REPLACE FUNCTION banking.find_accounts(
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[], p_at timestamptz
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_ids bigint[];
    v_missing record;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT array_agg(a.id ORDER BY n.place) INTO v_ids
        FROM unnest(p_kinds, p_keys, p_currencies) WITH ORDINALITY n (kind, key, currency, place)
        LEFT JOIN banking.ledger_accounts a
            ON a.kind = n.kind AND a.key = n.key AND a.currency = n.currency;
        EXIT WHEN array_position(v_ids, NULL) IS NULL;
        IF attempt = 2 THEN
            SELECT n.kind, n.key, n.currency, other.currency AS kept_in INTO v_missing
            FROM unnest(p_kinds, p_keys, p_currencies, v_ids) n (kind, key, currency, id)
            LEFT JOIN banking.ledger_accounts other ON other.kind = n.kind AND other.key = n.key
            WHERE n.id IS NULL LIMIT 1;
            IF v_missing.kept_in IS NOT NULL THEN
                RAISE EXCEPTION 'account % is kept in %', v_missing.key, v_missing.kept_in
                    USING ERRCODE = 'BK007', DETAIL = jsonb_build_object(
                        'account', v_missing.kept_in, 'amount', v_missing.currency);
            END IF;
            RAISE EXCEPTION 'no account % %', v_missing.kind, v_missing.key
                USING ERRCODE = 'BK004', DETAIL = jsonb_build_object(
                    'kind', v_missing.kind, 'key', v_missing.key, 'currency', v_missing.currency);
        END IF;
        -- In the order of their names, so that two openings of the same accounts never cross.
        INSERT INTO banking.ledger_accounts (kind, key, currency, guarded, floor, ceiling, opened_at)
        SELECT n.kind, n.key, n.currency, n.discipline <> 'house',
            CASE n.discipline WHEN 'escrow' THEN 0 END,
            CASE n.discipline WHEN 'owing' THEN 0 WHEN 'limit' THEN n.allowance END, p_at
        FROM (
            SELECT *, CASE discipline
                WHEN 'limit' THEN banking.allowance_for(kind, key, currency) END AS allowance
            FROM unnest(p_kinds, p_keys, p_currencies, p_disciplines)
                u (kind, key, currency, discipline)
        ) n
        WHERE n.discipline NOT IN ('owned', 'limit') OR n.allowance IS NOT NULL
        ORDER BY n.kind, n.key, n.currency
        ON CONFLICT (kind, key, currency) DO NOTHING;
    END LOOP;
    RETURN v_ids;
END $$;

-- Posting ----------------------------------------------------------------------------------------

-- Locks the guarded among the accounts, in id order; returns how many they are and whether a wallet
-- with a ceiling is among them. A hold that is over gives its money back at that instant, not when a
-- job comes round.
CREATE OR REPLACE FUNCTION banking.lock_accounts(
    p_accounts bigint[], p_at timestamptz, OUT locked int, OUT is_capped boolean
) LANGUAGE plpgsql AS $$
DECLARE
    v_held bigint;
BEGIN
    SELECT count(*), sum(a.held), count(a.ceiling) FILTER (WHERE a.kind = 'wallet') > 0
    INTO locked, v_held, is_capped
    FROM (
        SELECT held, ceiling, kind FROM banking.ledger_accounts
        WHERE id = ANY (p_accounts) AND guarded ORDER BY id FOR UPDATE
    ) a;
    IF v_held > 0 THEN
        PERFORM banking.expire_due_holds(h.account_id, p_at)
        FROM (
            SELECT DISTINCT account_id FROM banking.holds
            WHERE account_id = ANY (p_accounts) AND state = 'open' AND expires_at <= p_at
        ) h;
    END IF;
END $$;

-- Leads each credit that its wallet may not hold to the suspense account of that wallet, whole.
-- Called under the wallet's lock; nobody touches such an account without it, so it adds no order of
-- locks. A leg of nothing (a replayed journal of a batch) is left alone.
CREATE OR REPLACE FUNCTION banking.park_excess(
    INOUT accounts bigint[], INOUT leg_accounts int[], INOUT locked int, OUT parked bigint,
    p_amounts bigint[], p_phases smallint[], p_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    v_leg record;
    v_last bigint := 0;
    v_room bigint;
    v_suspense bigint;
BEGIN
    parked := 0;
    FOR v_leg IN
        SELECT l.place, l.account, l.amount, a.id, a.key, a.currency, a.ceiling - a.posted AS room,
            count(*) OVER (PARTITION BY l.account) AS legs
        FROM unnest(leg_accounts, p_amounts, p_phases)
            WITH ORDINALITY l (account, amount, phase, place)
        JOIN banking.ledger_accounts a ON a.id = accounts[l.account]
        WHERE a.kind = 'wallet' AND a.ceiling IS NOT NULL AND a.status & 6 = 0 AND l.phase = 1
            AND l.amount <> 0
        ORDER BY a.id, l.place
    LOOP
        v_room := CASE WHEN v_leg.id = v_last THEN v_room ELSE v_leg.room END;
        v_last := v_leg.id;
        IF v_leg.amount <= 0 OR v_leg.amount <= v_room THEN
            v_room := v_room - v_leg.amount;
            CONTINUE;
        END IF;
        v_suspense := (banking.find_accounts(ARRAY['wallet_suspense'], ARRAY[v_leg.key],
            ARRAY[v_leg.currency]::text[], ARRAY['escrow'], p_at))[1];
        PERFORM 1 FROM banking.ledger_accounts WHERE id = v_suspense FOR UPDATE;
        IF v_leg.legs = 1 AND NOT v_suspense = ANY (accounts) THEN
            accounts[v_leg.account] := v_suspense;
        ELSE
            -- How many must take their change is counted on: one more, unless it was locked before.
            locked := locked + CASE WHEN v_suspense = ANY (accounts) THEN 0 ELSE 1 END;
            accounts := accounts || v_suspense;
            leg_accounts[v_leg.place] := cardinality(accounts);
        END IF;
        parked := parked + v_leg.amount;
    END LOOP;
END $$;

-- Why an account does not take a change, NULL when it does. A plain expression, so that the planner
-- puts it into the statement that moves the balance.
-- lowest, highest: how far available and posted go down and up while the legs are written.
CREATE OR REPLACE FUNCTION banking.refusal(
    status smallint, available bigint, floor bigint, posted bigint, ceiling bigint,
    lowest bigint, highest bigint, debits boolean, credits boolean
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        -- 1 no debit, 2 no credit, 4 closed: neither
        WHEN status & 5 <> 0 AND debits OR status & 6 <> 0 AND credits THEN 'BK003'
        WHEN lowest < 0 AND available + lowest < floor THEN 'BK001'
        WHEN highest > 0 AND posted + highest > ceiling THEN 'BK002'
    END
$$;

-- Writes the entries of one journal whose legs name each account once, as nearly all do.
-- Returns the guarded accounts that took their change.
CREATE OR REPLACE FUNCTION banking.write_distinct_legs(
    p_journal bigint, p_accounts bigint[], p_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint[];
BEGIN
    WITH moved AS (
        UPDATE banking.ledger_accounts a
        SET posted = a.posted + CASE l.phase WHEN 1 THEN l.amount ELSE 0 END,
            held = a.held + CASE l.phase WHEN 2 THEN l.amount ELSE 0 END
        FROM unnest(p_accounts, p_amounts, p_phases) l (id, amount, phase)
        WHERE a.id = l.id AND a.guarded AND banking.refusal(
            a.status, a.posted - a.held, a.floor, a.posted, a.ceiling,
            CASE l.phase WHEN 1 THEN l.amount ELSE -l.amount END,
            CASE l.phase WHEN 1 THEN l.amount ELSE 0 END,
            (l.phase = 1) = (l.amount < 0), l.phase = 1 AND l.amount > 0) IS NULL
        RETURNING a.id, a.posted
    ), written AS (
        INSERT INTO banking.entries
            (journal_id, leg, account_id, currency, phase, amount, balance_after, memo)
        SELECT p_journal, l.place, l.account_id, l.currency, l.phase, l.amount, m.posted, l.memo
        FROM unnest(p_accounts, p_currencies, p_phases, p_amounts, p_memos)
            WITH ORDINALITY l (account_id, currency, phase, amount, memo, place)
        LEFT JOIN moved m ON m.id = l.account_id
        ORDER BY l.place
    )
    SELECT coalesce(array_agg(id), '{}') INTO v_moved FROM moved;
    RETURN v_moved;
END $$;

-- Writes the entries of any number of journals, in the order of their legs.
-- Legs point into p_accounts and p_journals by position; a leg whose journal is NULL is a replay.
-- Returns the guarded accounts that took their change.
CREATE OR REPLACE FUNCTION banking.write_legs(
    p_accounts bigint[], p_journals bigint[],
    p_leg_journals int[], p_leg_numbers smallint[], p_leg_accounts int[], p_leg_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint[];
BEGIN
    WITH leg AS (
        SELECT l.place, p_journals[l.journal] AS journal_id, l.number,
            p_accounts[l.account] AS account_id, l.currency, l.phase, l.amount, l.memo,
            sum(CASE l.phase WHEN 1 THEN l.amount ELSE 0 END) OVER w AS posted,
            sum(CASE l.phase WHEN 1 THEN l.amount ELSE -l.amount END) OVER w AS available
        FROM unnest(p_leg_journals, p_leg_numbers, p_leg_accounts, p_leg_currencies, p_amounts,
                p_phases, p_memos)
            WITH ORDINALITY l (journal, number, account, currency, amount, phase, memo, place)
        WHERE p_journals[l.journal] IS NOT NULL
        WINDOW w AS (PARTITION BY p_accounts[l.account] ORDER BY l.place)
    ), change AS (
        SELECT account_id, coalesce(sum(amount) FILTER (WHERE phase = 1), 0)::bigint AS posted,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0)::bigint AS held,
            min(available)::bigint AS lowest, max(posted)::bigint AS highest,
            bool_or((phase = 1) = (amount < 0)) AS debits,
            bool_or(phase = 1 AND amount > 0) AS credits
        FROM leg GROUP BY account_id
    ), moved AS (
        UPDATE banking.ledger_accounts a
        SET posted = a.posted + c.posted, held = a.held + c.held
        FROM change c
        WHERE a.id = c.account_id AND a.guarded AND banking.refusal(
            a.status, a.posted - a.held, a.floor, a.posted, a.ceiling,
            c.lowest, c.highest, c.debits, c.credits) IS NULL
        RETURNING a.id, a.posted - c.posted AS before
    ), written AS (
        INSERT INTO banking.entries
            (journal_id, leg, account_id, currency, phase, amount, balance_after, memo)
        SELECT l.journal_id, l.number, l.account_id, l.currency, l.phase, l.amount,
            m.before + l.posted, l.memo
        FROM leg l LEFT JOIN moved m ON m.id = l.account_id
        ORDER BY l.place
    )
    SELECT coalesce(array_agg(id), '{}') INTO v_moved FROM moved;
    RETURN v_moved;
END $$;

-- Raises why an account did not take its change, the first in id order. p_moved did; what was
-- written for them goes with the whole transaction.
CREATE OR REPLACE FUNCTION banking.refuse_legs(
    p_moved bigint[], p_accounts bigint[], p_journals bigint[],
    p_leg_journals int[], p_leg_accounts int[], p_amounts bigint[], p_phases smallint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_bad record;
BEGIN
    SELECT a.id, a.kind, a.key, a.currency, -c.lowest AS needed,
        a.posted - a.held - a.floor AS available, a.ceiling - a.posted AS room,
        banking.refusal(a.status, a.posted - a.held, a.floor, a.posted, a.ceiling,
            c.lowest, c.highest, c.debits, c.credits) AS refusal
    INTO v_bad
    FROM (
        SELECT account_id, min(available)::bigint AS lowest, max(posted)::bigint AS highest,
            bool_or((phase = 1) = (amount < 0)) AS debits,
            bool_or(phase = 1 AND amount > 0) AS credits
        FROM (
            SELECT p_accounts[l.account] AS account_id, l.phase, l.amount,
                sum(CASE l.phase WHEN 1 THEN l.amount ELSE -l.amount END) OVER w AS available,
                sum(CASE l.phase WHEN 1 THEN l.amount ELSE 0 END) OVER w AS posted
            FROM unnest(p_leg_journals, p_leg_accounts, p_amounts, p_phases)
                WITH ORDINALITY l (journal, account, amount, phase, place)
            WHERE p_journals[l.journal] IS NOT NULL
            WINDOW w AS (PARTITION BY p_accounts[l.account] ORDER BY l.place)
        ) leg GROUP BY account_id
    ) c
    JOIN banking.ledger_accounts a ON a.id = c.account_id AND a.guarded
    WHERE a.id <> ALL (p_moved)
    ORDER BY a.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'account % refuses', v_bad.id
            USING ERRCODE = v_bad.refusal, DETAIL = to_jsonb(v_bad);
    END IF;
END $$;

-- Writes the entries of claimed journals on locked accounts, or raises why not.
CREATE OR REPLACE FUNCTION banking.apply_legs(
    p_locked int, p_accounts bigint[], p_journals bigint[],
    p_leg_journals int[], p_leg_numbers smallint[], p_leg_accounts int[], p_leg_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint[];
BEGIN
    v_moved := banking.write_legs(p_accounts, p_journals, p_leg_journals, p_leg_numbers,
        p_leg_accounts, p_leg_currencies, p_amounts, p_phases, p_memos);
    IF cardinality(v_moved) < p_locked THEN
        PERFORM banking.refuse_legs(v_moved, p_accounts, p_journals,
            p_leg_journals, p_leg_accounts, p_amounts, p_phases);
    END IF;
END $$;

-- Claims a journal's key. NULL means that the key was used before, for the same content; a second
-- caller waits here until the first has committed or given up.
CREATE OR REPLACE FUNCTION banking.claim_journal(
    p_key uuid, p_kind text, p_subject text, p_hash bytea, p_legs int, p_value_date date,
    p_at timestamptz, p_person uuid, p_reverses bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_id bigint;
    v_hash bytea;
BEGIN
    INSERT INTO banking.journals
        (key, kind, subject, content_hash, legs, value_date, booked_at, person_id, reverses)
    VALUES (p_key, p_kind, p_subject, p_hash, p_legs, p_value_date, p_at, p_person, p_reverses)
    ON CONFLICT (key) DO NOTHING
    RETURNING id INTO v_id;
    IF v_id IS NULL THEN
        SELECT content_hash INTO STRICT v_hash FROM banking.journals WHERE key = p_key;
        IF v_hash <> p_hash THEN
            RAISE EXCEPTION 'key % was used for another booking', p_key
                USING ERRCODE = 'BK005', DETAIL = '{}';
        END IF;
    END IF;
    RETURN v_id;
END $$;

-- Books one journal in one call. Its plans do not depend on the values, so they are made once.
CREATE OR REPLACE FUNCTION banking.post_journal(
    p_key uuid, p_kind text, p_subject text, p_hash bytea, p_value_date date, p_at timestamptz,
    p_person uuid, p_reverses bigint,
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[],
    p_leg_accounts int[], p_amounts bigint[], p_phases smallint[], p_memos text[],
    OUT journal_id bigint, OUT value_date date, OUT booked_at timestamptz, OUT is_replay boolean,
    OUT parked bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_legs int := cardinality(p_amounts);
    v_accounts bigint[];
    v_leg_accounts int[] := p_leg_accounts;
    v_locked int;
    v_capped boolean;
    v_moved bigint[];
BEGIN
    parked := 0;
    journal_id := banking.claim_journal(
        p_key, p_kind, p_subject, p_hash, v_legs, p_value_date, p_at, p_person, p_reverses);
    is_replay := journal_id IS NULL;
    IF is_replay THEN
        SELECT j.id, j.value_date, j.booked_at INTO journal_id, value_date, booked_at
        FROM banking.journals j WHERE j.key = p_key;
        RETURN;
    END IF;
    value_date := p_value_date;
    booked_at := p_at;
    v_accounts := banking.find_accounts(p_kinds, p_keys, p_currencies, p_disciplines, p_at);
    SELECT l.locked, l.is_capped INTO v_locked, v_capped
    FROM banking.lock_accounts(v_accounts, p_at) l;
    IF v_capped THEN
        SELECT * INTO v_accounts, v_leg_accounts, v_locked, parked
        FROM banking.park_excess(v_accounts, v_leg_accounts, v_locked, p_amounts, p_phases, p_at);
    END IF;
    -- Each account once: as the journal names them, and still so where a credit was led elsewhere.
    IF cardinality(p_kinds) < v_legs OR cardinality(v_accounts) > v_legs THEN
        PERFORM banking.apply_legs(
            v_locked, v_accounts, ARRAY[journal_id], array_fill(1, ARRAY[v_legs]),
            ARRAY(SELECT generate_series(1, v_legs)::smallint), v_leg_accounts,
            ARRAY(SELECT p_currencies[a] FROM unnest(p_leg_accounts) a),
            p_amounts, p_phases, p_memos);
        RETURN;
    END IF;
    v_moved := banking.write_distinct_legs(
        journal_id, v_accounts, p_currencies, p_amounts, p_phases, p_memos);
    IF cardinality(v_moved) < v_locked THEN
        PERFORM banking.refuse_legs(v_moved, v_accounts, ARRAY[journal_id],
            array_fill(1, ARRAY[v_legs]), v_leg_accounts, p_amounts, p_phases);
    END IF;
END $$;

-- A whole batch, all or nothing: one insert of journals, one lock of accounts, one insert of
-- entries. Returns how many journals were not booked before. Plans are made for the batch at hand:
-- a plan for three legs would walk ten thousand in nested loops.
CREATE OR REPLACE FUNCTION banking.post_many(
    p_journal_keys uuid[], p_journal_kinds text[], p_subjects text[], p_hashes bytea[],
    p_leg_counts smallint[], p_value_dates date[], p_reverses bigint[],
    p_at timestamptz, p_person uuid,
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[],
    p_leg_journals int[], p_leg_numbers smallint[], p_leg_accounts int[], p_leg_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_journals bigint[];
    v_accounts bigint[];
    v_leg_accounts int[] := p_leg_accounts;
    v_fresh bigint;
    v_locked record;
BEGIN
    SELECT array_agg(nextval('banking.journals_id_seq')) INTO v_journals
    FROM generate_series(1, cardinality(p_journal_keys));
    -- In the order of their keys, so that two batches with common keys never cross.
    WITH claimed AS (
        INSERT INTO banking.journals
            (id, key, kind, subject, content_hash, legs, value_date, booked_at, person_id, reverses)
        SELECT v_journals[j.place], j.key, j.kind, j.subject, j.hash, j.legs, j.value_date, p_at,
            p_person, j.reverses
        FROM unnest(p_journal_keys, p_journal_kinds, p_subjects, p_hashes, p_leg_counts,
                p_value_dates, p_reverses)
            WITH ORDINALITY j (key, kind, subject, hash, legs, value_date, reverses, place)
        ORDER BY j.key
        ON CONFLICT (key) DO NOTHING
        RETURNING id
    )
    SELECT count(*) INTO v_fresh FROM claimed;
    IF v_fresh < cardinality(p_journal_keys) THEN
        IF EXISTS (
            SELECT 1 FROM unnest(p_journal_keys, p_hashes) n (key, hash)
            JOIN banking.journals j ON j.key = n.key WHERE j.content_hash <> n.hash
        ) THEN
            RAISE EXCEPTION 'a key of the batch was used for another booking'
                USING ERRCODE = 'BK005', DETAIL = '{}';
        END IF;
        SELECT array_agg(CASE WHEN j.id = v_journals[n.place] THEN j.id END ORDER BY n.place)
        INTO v_journals
        FROM unnest(p_journal_keys) WITH ORDINALITY n (key, place)
        JOIN banking.journals j ON j.key = n.key;
    END IF;
    IF v_fresh > 0 THEN
        v_accounts := banking.find_accounts(p_kinds, p_keys, p_currencies, p_disciplines, p_at);
        v_locked := banking.lock_accounts(v_accounts, p_at);
        IF v_locked.is_capped THEN
            SELECT p.accounts, p.leg_accounts, p.locked
            INTO v_accounts, v_leg_accounts, v_locked.locked
            FROM banking.park_excess(v_accounts, v_leg_accounts, v_locked.locked, ARRAY(
                SELECT CASE WHEN v_journals[l.journal] IS NULL THEN 0 ELSE l.amount END
                FROM unnest(p_leg_journals, p_amounts) WITH ORDINALITY l (journal, amount, place)
                ORDER BY l.place
            ), p_phases, p_at) p;
        END IF;
        PERFORM banking.apply_legs(
            v_locked.locked, v_accounts, v_journals, p_leg_journals,
            p_leg_numbers, v_leg_accounts, p_leg_currencies, p_amounts, p_phases, p_memos);
    END IF;
    RETURN v_fresh;
END $$;
