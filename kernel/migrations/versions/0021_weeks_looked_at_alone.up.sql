-- A week goes only when nobody can publish into it any more.
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
