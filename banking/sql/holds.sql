-- Holds: money kept back of a guarded account. A hold row changes only under its account's lock,
-- which every function takes first, so that holds add no lock order of their own.

CREATE OR REPLACE FUNCTION banking.place_hold(
    p_hold uuid, p_key uuid, p_subject text, p_hash bytea, p_value_date date, p_at timestamptz,
    p_person uuid, p_kind text, p_account_key text, p_currency text, p_discipline text,
    p_amount bigint, p_reason text, p_expires_at timestamptz
) RETURNS SETOF banking.holds LANGUAGE plpgsql AS $$
DECLARE
    v_journal record;
BEGIN
    SELECT * INTO v_journal FROM banking.post_journal(
        p_key, 'hold_placed', p_subject, p_hash, p_value_date, p_at, p_person, NULL,
        ARRAY[p_kind, 'hold_control'], ARRAY[p_account_key, 'house'],
        ARRAY[p_currency, p_currency], ARRAY[p_discipline, 'house'],
        ARRAY[1, 2], ARRAY[p_amount, -p_amount], ARRAY[2, 2]::smallint[], ARRAY[p_reason, p_reason]);
    IF NOT v_journal.is_replay THEN
        INSERT INTO banking.holds
            (id, journal_id, account_id, currency, amount, reason, subject, placed_at, expires_at)
        SELECT p_hold, v_journal.journal_id, a.id, p_currency, p_amount, p_reason, p_subject, p_at,
            p_expires_at
        FROM banking.ledger_accounts a
        WHERE a.kind = p_kind AND a.key = p_account_key AND a.currency = p_currency;
    END IF;
    RETURN QUERY SELECT * FROM banking.holds WHERE id = p_hold;
END $$;

-- Reads a hold whose account is locked; whatever ended it did so under that lock.
CREATE OR REPLACE FUNCTION banking.open_hold(p_hold uuid) RETURNS banking.holds LANGUAGE plpgsql AS $$
DECLARE
    v_hold banking.holds;
BEGIN
    SELECT * INTO v_hold FROM banking.holds WHERE id = p_hold;
    IF v_hold.state <> 'open' THEN
        RAISE EXCEPTION 'hold % is %', p_hold, v_hold.state
            USING ERRCODE = 'BK011', DETAIL = jsonb_build_object('state', v_hold.state);
    END IF;
    RETURN v_hold;
END $$;

-- Books part or all of a hold: what is captured stops being held in the journal that moves it.
CREATE OR REPLACE FUNCTION banking.capture_hold(
    p_hold uuid, p_amount bigint,
    p_key uuid, p_kind text, p_subject text, p_hash bytea, p_value_date date, p_at timestamptz,
    p_person uuid,
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[],
    p_leg_accounts int[], p_amounts bigint[], p_memos text[],
    OUT journal_id bigint, OUT value_date date, OUT booked_at timestamptz, OUT is_replay boolean,
    OUT parked bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_hold banking.holds;
    v_control bigint;
    v_accounts bigint[];
    v_leg_accounts int[] := p_leg_accounts;
    v_taken bigint;
    v_locked int;
    v_capped boolean;
    v_legs int := cardinality(p_amounts) + 2;
BEGIN
    parked := 0;
    journal_id := banking.claim_journal(
        p_key, p_kind, p_subject, p_hash, v_legs, p_value_date, p_at, p_person, NULL);
    is_replay := journal_id IS NULL;
    IF is_replay THEN
        SELECT j.id, j.value_date, j.booked_at INTO journal_id, value_date, booked_at
        FROM banking.journals j WHERE j.key = p_key;
        RETURN;
    END IF;
    value_date := p_value_date;
    booked_at := p_at;
    SELECT * INTO v_hold FROM banking.holds WHERE id = p_hold;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no hold %', p_hold USING ERRCODE = 'BK010', DETAIL = '{}';
    END IF;
    v_accounts := banking.find_accounts(p_kinds, p_keys, p_currencies, p_disciplines, p_at);
    SELECT l.locked, l.is_capped INTO v_locked, v_capped
    FROM banking.lock_accounts(v_accounts || v_hold.account_id, p_at) l;
    v_hold := banking.open_hold(p_hold);
    IF p_amount > v_hold.amount - v_hold.captured - v_hold.released THEN
        RAISE EXCEPTION 'hold % is too small', p_hold USING ERRCODE = 'BK012',
            DETAIL = jsonb_build_object('currency', v_hold.currency,
                'remaining', v_hold.amount - v_hold.captured - v_hold.released);
    END IF;
    SELECT -sum(l.amount) INTO v_taken FROM unnest(p_leg_accounts, p_amounts) l (account, amount)
    WHERE v_accounts[l.account] = v_hold.account_id;
    IF v_taken IS DISTINCT FROM p_amount THEN
        RAISE EXCEPTION 'hold % captures % but the legs take %', p_hold, p_amount, v_taken
            USING ERRCODE = 'BK013', DETAIL = '{}';
    END IF;
    IF v_capped THEN
        SELECT * INTO v_accounts, v_leg_accounts, v_locked, parked
        FROM banking.park_excess(v_accounts, v_leg_accounts, v_locked, p_amounts,
            array_fill(1::smallint, ARRAY[v_legs - 2]), p_at);
    END IF;
    v_control := (banking.find_accounts(
        ARRAY['hold_control'], ARRAY['house'], ARRAY[v_hold.currency], ARRAY['house'], p_at))[1];
    -- The held legs come first: what is taken must be free in the instant before it is taken.
    PERFORM banking.apply_legs(
        v_locked, v_accounts || ARRAY[v_hold.account_id, v_control],
        ARRAY[journal_id], array_fill(1, ARRAY[v_legs]),
        ARRAY(SELECT generate_series(1, v_legs)::smallint),
        ARRAY[cardinality(v_accounts) + 1, cardinality(v_accounts) + 2] || v_leg_accounts,
        ARRAY[v_hold.currency, v_hold.currency]::text[]
            || ARRAY(SELECT p_currencies[a] FROM unnest(p_leg_accounts) a),
        ARRAY[-p_amount, p_amount] || p_amounts,
        ARRAY[2, 2]::smallint[] || array_fill(1::smallint, ARRAY[v_legs - 2]),
        ARRAY[v_hold.reason, v_hold.reason]::text[] || p_memos);
    UPDATE banking.holds h SET captured = h.captured + p_amount,
        state = CASE WHEN h.captured + p_amount + h.released = h.amount THEN 'captured' ELSE 'open' END
    WHERE h.id = p_hold;
END $$;

-- Gives back what is left of a hold; p_state says whether somebody let go or time did.
CREATE OR REPLACE FUNCTION banking.release_hold(
    p_hold uuid, p_key uuid, p_state text, p_at timestamptz, p_person uuid
) RETURNS SETOF banking.holds LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_hold banking.holds;
    v_left bigint;
    v_journal bigint;
    v_accounts bigint[];
BEGIN
    SELECT * INTO v_hold FROM banking.holds WHERE id = p_hold;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no hold %', p_hold USING ERRCODE = 'BK010', DETAIL = '{}';
    END IF;
    v_journal := banking.claim_journal(
        p_key, 'hold_' || p_state, v_hold.subject, sha256(convert_to(p_state || ':' || p_hold, 'UTF8')),
        2, (p_at AT TIME ZONE 'UTC')::date, p_at, p_person, NULL);
    IF v_journal IS NOT NULL THEN
        v_accounts := ARRAY[v_hold.account_id] || banking.find_accounts(
            ARRAY['hold_control'], ARRAY['house'], ARRAY[v_hold.currency], ARRAY['house'], p_at);
        PERFORM 1 FROM banking.ledger_accounts WHERE id = v_hold.account_id FOR UPDATE;
        v_hold := banking.open_hold(p_hold);
        v_left := v_hold.amount - v_hold.captured - v_hold.released;
        -- Giving back never fails: not for a freeze, not for a floor that was raised meanwhile.
        PERFORM banking.write_distinct_legs(
            v_journal, v_accounts, ARRAY[v_hold.currency, v_hold.currency]::text[],
            ARRAY[-v_left, v_left], ARRAY[2, 2]::smallint[],
            ARRAY[v_hold.reason, v_hold.reason]::text[]);
        UPDATE banking.holds SET released = released + v_left, state = p_state WHERE id = p_hold;
    END IF;
    RETURN QUERY SELECT * FROM banking.holds WHERE id = p_hold;
END $$;

-- Ends the holds of one account whose time is over; returns how many.
CREATE OR REPLACE FUNCTION banking.expire_due_holds(p_account bigint, p_at timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_hold uuid;
    v_count int := 0;
BEGIN
    PERFORM 1 FROM banking.ledger_accounts WHERE id = p_account FOR UPDATE;
    FOR v_hold IN
        SELECT id FROM banking.holds
        WHERE account_id = p_account AND state = 'open' AND expires_at <= p_at ORDER BY id
    LOOP
        -- Two sessions that end the same hold meet at this key.
        PERFORM banking.release_hold(v_hold, md5('expired:' || v_hold)::uuid, 'expired', p_at, NULL);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;
