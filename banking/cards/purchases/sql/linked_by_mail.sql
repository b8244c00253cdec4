-- What a mail address paid by card lately, without one payment: a row for each currency.
-- Columns: currency; paid, minor units.
-- Asked by start_purchase, for what the law wants to know of who pays.
-- Index: ix_card_purchases_email, pk_card_payments.
SELECT other.currency, sum(other.amount_minor) AS paid
\ir paid_lately.sql
    AND its.email = :email
GROUP BY other.currency
