-- News by weeks: a week that everybody has heard goes whole, as a table, and leaves no holes behind.
--
-- Ids are UUIDs of version 7, so a stretch of ids is a stretch of time. A fact whose key was derived
-- from something else has no time in it and lies in the rest; there rows go one by one.

-- The least id that an instant can bear.
CREATE OR REPLACE FUNCTION kernel.first_id(p_at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Adds a partition. Nobody but the functions here calls it: it does what its callers say.
CREATE OR REPLACE FUNCTION kernel.add_partition(
    p_parent regclass, p_name text, p_from text, p_to text
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Attaching keeps nobody from reading and writing the others, as creating in place would.
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', p_name, p_parent);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
        p_parent, p_name, p_from, p_to);
END $$;
REVOKE EXECUTE ON FUNCTION kernel.add_partition FROM PUBLIC;

-- Gives this week and so many to come their places; returns how many were missing. A week of which
-- the rest holds news already (nobody looked after the house for long) is left to the rest.
-- The owner's rights, since whoever serves makes no tables. Locks: see kernel/partitions.py.
CREATE OR REPLACE FUNCTION kernel.add_weeks(p_ahead int) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' SET lock_timeout = '500ms' AS $$
DECLARE
    v_week timestamptz;
    v_name text;
    v_from uuid;
    v_to uuid;
    v_added int := 0;
BEGIN
    FOR v_week IN
        SELECT generate_series(date_trunc('week', clock_timestamp()),
            clock_timestamp() + make_interval(weeks => least(p_ahead, 52)), '1 week')
    LOOP
        v_name := to_char(v_week, 'IYYY"_w"IW');
        v_from := kernel.first_id(v_week);
        v_to := kernel.first_id(v_week + '1 week'::interval);
        CONTINUE WHEN to_regclass('kernel.outbox_' || v_name) IS NOT NULL
            OR EXISTS (SELECT FROM kernel.outbox_rest WHERE id >= v_from AND id < v_to)
            OR EXISTS (SELECT FROM kernel.delivery_rest WHERE event_id >= v_from AND event_id < v_to);
        PERFORM kernel.add_partition('kernel.outbox', 'kernel.outbox_' || v_name, v_from::text, v_to::text);
        PERFORM kernel.add_partition('kernel.delivery', 'kernel.delivery_' || v_name, v_from::text, v_to::text);
        v_added := v_added + 1;
    END LOOP;
    RETURN v_added;
END $$;

-- The places of the outbox that have bounds: [since, until) in ids. Shape: name as in outbox_<name>.
CREATE OR REPLACE FUNCTION kernel.outbox_weeks() RETURNS TABLE (name text, since uuid, until uuid)
LANGUAGE sql STABLE AS $$
    SELECT substr(c.relname, length('outbox_') + 1),
        substring(bound FROM 'FROM \(''([0-9a-f-]+)''\)')::uuid,
        substring(bound FROM 'TO \(''([0-9a-f-]+)''\)')::uuid
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
        pg_get_expr(c.relpartbound, c.oid) AS bound
    WHERE i.inhparent = 'kernel.outbox'::regclass AND bound <> 'DEFAULT'
$$;

-- Lets go of every week that was over so many days ago and that nobody waits for, with its
-- deliveries; returns how many. What waits or gave up, or was heard only since, keeps its week: its
-- other rows go one by one (kernel/forgetting.py).
CREATE OR REPLACE FUNCTION kernel.drop_heard_weeks(p_days int) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' SET lock_timeout = '500ms' AS $$
DECLARE
    -- Whoever calls it cannot let go of what is young.
    v_before timestamptz := clock_timestamp() - make_interval(days => greatest(p_days, 1));
    v_week text;
    v_look text;
    v_waits boolean;
    v_dropped int := 0;
BEGIN
    FOR v_week IN
        SELECT name FROM kernel.outbox_weeks() WHERE until <= kernel.first_id(v_before) ORDER BY until
    LOOP
        v_look := format('SELECT EXISTS (SELECT FROM kernel.%I WHERE done_at IS NULL OR done_at >= $1)',
            'delivery_' || v_week);
        EXECUTE v_look INTO v_waits USING v_before;
        CONTINUE WHEN v_waits;
        -- Somebody whose clock is behind may publish into it this moment, so it is looked at again
        -- once nobody can any more. A week that has to stay is let go of at the end of this call.
        EXECUTE format('LOCK TABLE kernel.%I, kernel.%I IN ACCESS EXCLUSIVE MODE',
            'outbox_' || v_week, 'delivery_' || v_week);
        EXECUTE v_look INTO v_waits USING v_before;
        CONTINUE WHEN v_waits;
        EXECUTE format('DROP TABLE kernel.%I, kernel.%I', 'outbox_' || v_week, 'delivery_' || v_week);
        v_dropped := v_dropped + 1;
    END LOOP;
    RETURN v_dropped;
END $$;

CREATE TABLE IF NOT EXISTS kernel.outbox_rest PARTITION OF kernel.outbox DEFAULT;
CREATE TABLE IF NOT EXISTS kernel.delivery_rest PARTITION OF kernel.delivery DEFAULT;
SELECT kernel.add_weeks(8);
