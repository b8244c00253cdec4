-- The newest reviews of a product, those in the reader's language first: both halves end after
-- a few rows of an index.
-- Columns: those of `said`, is_own when it is in the reader's language.
-- Asked by every product page.
-- Index: ix_review_locale, ix_review_newest.
SELECT
\ir said.sql
    , x.is_own FROM (
    SELECT id, bool_or(is_own) AS is_own FROM (
        (SELECT id, true AS is_own FROM marketplace.review
         WHERE product_id = :id AND locale = :locale AND state = 'shown'
         ORDER BY id DESC LIMIT :most)
        UNION ALL
        (SELECT id, false FROM marketplace.review
         WHERE product_id = :id AND state = 'shown' ORDER BY id DESC LIMIT :most)) u
    GROUP BY id) x
JOIN marketplace.review r USING (id) JOIN marketplace.vendor n ON n.id = r.vendor_id
LEFT JOIN marketplace.review_answer a ON a.review_id = r.id
ORDER BY x.is_own DESC, r.id DESC LIMIT :most
