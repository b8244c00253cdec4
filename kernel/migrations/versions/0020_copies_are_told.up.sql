-- How far copies of this server are behind. PostgreSQL shows that to whoever has pg_read_all_stats,
-- and to everybody else connections of which nothing is known. Who serves is not given that right,
-- which would show it the statements of others, but these figures, by the rights of their owner.
-- Shape: copies replay what they hear, so a backup that is being made is none. hidden are connections
-- that copy and that the owner may not look at; then nothing is known of the others either.
CREATE OR REPLACE FUNCTION kernel.copies(
    OUT hidden int, OUT copies int, OUT seconds double precision, OUT bytes double precision
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN may_look THEN 0 ELSE count(pid) END,
        CASE WHEN may_look THEN count(replay_lsn) END,
        CASE WHEN may_look THEN coalesce(max(extract(epoch FROM replay_lag)), 0) END,
        CASE WHEN may_look THEN
            greatest(0, coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)) END
    FROM pg_has_role('pg_read_all_stats', 'USAGE') AS may_look
    LEFT JOIN pg_stat_replication ON true
    GROUP BY may_look
$$;
