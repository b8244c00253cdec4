-- The columns of a form among staged goods, as bulk.py writes them.
-- Piece of: variants, offers, stock.
(key text, sku text, options jsonb, hs text, origin text, weight int, size int[], price bigint,
    currency text, lead int, stock int, position int)
