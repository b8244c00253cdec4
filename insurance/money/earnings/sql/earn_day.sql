-- What policies on risk earn by the end of a day beyond what is booked, each with its share kept.
-- Columns: insurer_key, currency, net, commission, summed for one journal each.
-- Asked once for each day by the schedule. Locks: plans of policies that earn something.
-- Index: ix_earning_plans_running.
WITH due AS MATERIALIZED (
    SELECT
        policy_id, insurer_key, currency, product, net, commission, planned_days, earned_days,
        earned_net, earned_commission,
        CAST(least(
            planned_days,
            floor(extract(epoch FROM CAST(:until AS timestamptz) - attached_at) / 86400)
        ) AS int) AS days
    FROM insurance.earning_plans
    WHERE ended_on IS NULL AND NOT waits AND earned_days < planned_days
    AND attached_at <= CAST(:until AS timestamptz) - interval '1 day'
    FOR UPDATE
), added AS (
    -- Half up, as premiums are rounded.
    SELECT
        policy_id, insurer_key, currency, product, days,
        (2 * net * days + planned_days) / (2 * planned_days) - earned_net AS net,
        (2 * commission * days + planned_days) / (2 * planned_days) - earned_commission
            AS commission
    FROM due WHERE days > earned_days
), moved AS (
    UPDATE insurance.earning_plans AS p
    SET
        earned_days = a.days,
        earned_net = p.earned_net + a.net,
        earned_commission = p.earned_commission + a.commission
    FROM added AS a WHERE p.policy_id = a.policy_id
), kept AS (
    INSERT INTO insurance.earned_days
        (policy_id, day, insurer_key, currency, product, net, commission)
    SELECT policy_id, :day, insurer_key, currency, product, net, commission FROM added
    WHERE net <> 0 OR commission <> 0
    RETURNING insurer_key, currency, net, commission
)
SELECT insurer_key, currency, sum(net) AS net, sum(commission) AS commission
FROM kept GROUP BY insurer_key, currency ORDER BY insurer_key, currency
