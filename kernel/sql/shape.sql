-- What stands in the house's schemas, one row a thing: its kind, its name, and what it says.
-- Columns are compared by name: migrations add new ones at the end of a table. That a column is
-- never empty is said with the column; PostgreSQL keeps a constraint of any name beside it.
-- Partitions are left out: which there are is a matter of the day, what they hold their table says.
WITH ours AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname IN ('kernel', 'banking', 'insurance', 'search', 'marketplace')
), things AS (
    SELECT c.* FROM pg_class c JOIN ours ON ours.oid = c.relnamespace WHERE NOT c.relispartition
)
SELECT 'extension' AS kind, extname::text AS name, '' AS says FROM pg_extension
UNION ALL
SELECT 'schema', nspname, '' FROM ours
UNION ALL
SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END,
    c.oid::regclass::text,
    CASE relkind WHEN 'v' THEN pg_get_viewdef(c.oid)
        ELSE concat_ws(' ', relpersistence, pg_get_partkeydef(c.oid)) END
FROM things c WHERE relkind IN ('r', 'p', 'v', 'S')
UNION ALL
SELECT 'right', c.oid::regclass::text, string_agg(privilege_type, ' ' ORDER BY privilege_type)
FROM things c, aclexplode(relacl) AS given
WHERE given.grantee = 'entrepot_app'::regrole GROUP BY c.oid
UNION ALL
SELECT 'range', s.seqrelid::regclass::text,
    concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN ours ON ours.oid = c.relnamespace
UNION ALL
SELECT 'column', format('%s.%s', a.attrelid::regclass, a.attname),
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN things c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', format('%s.%s', conrelid::regclass, conname), pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN things c ON c.oid = conrelid WHERE contype <> 'n'
UNION ALL
SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index i JOIN things c ON c.oid = i.indrelid
UNION ALL
SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace
UNION ALL
SELECT 'trigger', format('%s.%s', tgrelid::regclass, tgname),
    concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN things c ON c.oid = t.tgrelid
WHERE NOT tgisinternal
UNION ALL
SELECT 'type', t.oid::regtype::text, t.typtype::text FROM pg_type t
JOIN ours ON ours.oid = t.typnamespace WHERE t.typtype IN ('d', 'e', 'r')
