-- What stands in the house's schemas, one row a thing: its kind, its name, and what it says.
-- Columns are compared by name: migrations add new ones at the end of a table. That a column is
-- never empty is said with the column; PostgreSQL keeps a constraint of any name beside it.
WITH ours AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname IN ('kernel', 'banking', 'insurance', 'search', 'marketplace')
)
SELECT 'extension' AS kind, extname::text AS name, '' AS says FROM pg_extension
UNION ALL
SELECT 'schema', nspname, '' FROM ours
UNION ALL
SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' END,
    c.oid::regclass::text,
    CASE relkind WHEN 'v' THEN pg_get_viewdef(c.oid) ELSE relpersistence::text END
FROM pg_class c JOIN ours ON ours.oid = relnamespace WHERE relkind IN ('r', 'v', 'S')
UNION ALL
SELECT 'right', c.oid::regclass::text, string_agg(privilege_type, ' ' ORDER BY privilege_type)
FROM pg_class c JOIN ours ON ours.oid = relnamespace, aclexplode(relacl) AS given
WHERE given.grantee = 'entrepot_app'::regrole GROUP BY c.oid
UNION ALL
SELECT 'range', s.seqrelid::regclass::text,
    concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN ours ON ours.oid = c.relnamespace
UNION ALL
SELECT 'column', format('%s.%s', a.attrelid::regclass, a.attname),
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN ours ON ours.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', format('%s.%s', conrelid::regclass, conname), pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN ours ON ours.oid = connamespace WHERE conrelid <> 0 AND contype <> 'n'
UNION ALL
SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN ours ON ours.oid = c.relnamespace
UNION ALL
SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace
UNION ALL
SELECT 'trigger', format('%s.%s', tgrelid::regclass, tgname),
    concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours ON ours.oid = c.relnamespace
WHERE NOT tgisinternal
UNION ALL
SELECT 'type', t.oid::regtype::text, t.typtype::text FROM pg_type t
JOIN ours ON ours.oid = t.typnamespace WHERE t.typtype IN ('d', 'e', 'r')
