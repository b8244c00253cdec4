-- How full conveyances and places were by what left, or leaves, in a month.
-- Columns: what, a conveyance with its day or a place; is_place; used, the largest sum insured.
-- Asked by the desk's page of a month.
-- Index: ix_declarations_open_cover_id_at.
WITH mine AS (
    SELECT voyage, departs_on, sum_insured, places FROM insurance.declarations
    WHERE open_cover_id = :id AND withdrawn_at IS NULL
), ends AS (
    SELECT DISTINCT o.place, m.departs_on FROM mine AS m
    CROSS JOIN LATERAL unnest(m.places) AS o (place)
    WHERE m.departs_on >= :first AND m.departs_on < :after
)
SELECT voyage AS what, false AS is_place, sum(sum_insured) AS used FROM mine
WHERE departs_on >= :first AND departs_on < :after GROUP BY voyage
UNION ALL
SELECT e.place, true, max(u.used) FROM ends AS e
CROSS JOIN LATERAL (
    SELECT sum(m.sum_insured) AS used FROM mine AS m
    WHERE m.places @> ARRAY[e.place] AND m.departs_on BETWEEN e.departs_on - CAST(:days AS integer)
        AND e.departs_on + CAST(:days AS integer)
) AS u
GROUP BY e.place
