-- What is declared under open covers, and how full their fullest conveyance and place are.
-- Columns: id of the cover; cif of all that stands and of what was declared since :first;
-- on_conveyance and at_place, the largest sums insured of one of them.
-- Asked by the desk's list of open covers.
-- Index: pk_open_covers, then ix_declarations_open_cover_id_at.
SELECT
    c.id, coalesce(y.cif, 0) AS cif, coalesce(y.lately, 0) AS lately,
    coalesce(v.used, 0) AS on_conveyance, coalesce(p.used, 0) AS at_place
FROM insurance.open_covers AS c
CROSS JOIN LATERAL (
    SELECT sum(d.cif) AS cif, sum(d.cif) FILTER (WHERE d.at >= :first) AS lately
    FROM insurance.declarations AS d
    WHERE d.open_cover_id = c.id AND d.withdrawn_at IS NULL
) AS y
CROSS JOIN LATERAL (
    SELECT max(w.used) AS used FROM (
        SELECT sum(d.sum_insured) AS used FROM insurance.declarations AS d
        WHERE d.open_cover_id = c.id AND d.withdrawn_at IS NULL AND d.departs_on >= :today
        GROUP BY d.voyage
    ) AS w
) AS v
CROSS JOIN LATERAL (
    SELECT max(w.used) AS used FROM (
        SELECT sum(d.sum_insured) AS used FROM insurance.declarations AS d
        CROSS JOIN LATERAL (SELECT DISTINCT unnest(d.places) AS place) AS o
        WHERE d.open_cover_id = c.id AND d.withdrawn_at IS NULL
        AND d.departs_on BETWEEN CAST(:today AS date) - CAST(c.terms ->> 'location_days' AS int)
            AND CAST(:today AS date) + CAST(c.terms ->> 'location_days' AS int)
        GROUP BY o.place
    ) AS w
) AS p
WHERE c.id = ANY(:ids)
