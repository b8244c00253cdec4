-- What orders still bring a company, by currency of its shops. Freight, duty and tax that the buyer
-- paid are never the vendor's; a lost order may bring nothing.
-- Columns: currency, held, due, next_at, disputed (the net of each order in dispute, by reference).
-- Asked by the shop's desk and by the bank's page of earnings.
-- Index: ix_vendor_order_organisation_id_placed_at, ix_order_refund_vendor_order_id.
SELECT o.vendor_currency AS currency,
    sum(o.net) FILTER (WHERE d.ref IS NULL
        AND (o.release_due_at IS NULL OR o.release_due_at > :now OR o.is_returning)) AS held,
    sum(o.net) FILTER (WHERE d.ref IS NULL
        AND o.release_due_at <= :now AND NOT o.is_returning) AS due,
    min(o.release_due_at) FILTER (WHERE d.ref IS NULL
        AND o.release_due_at > :now AND NOT o.is_returning) AS next_at,
    jsonb_object_agg(o.ref, o.net) FILTER (WHERE d.ref IS NOT NULL) AS disputed
FROM (
    SELECT v.ref, v.vendor_currency, v.state, v.release_due_at, v.is_returning,
        v.vendor_goods_minor - v.vendor_commission_minor - coalesce(r.back, 0) AS net
    FROM marketplace.vendor_order v LEFT JOIN LATERAL (
        SELECT sum(vendor_goods_minor - vendor_commission_minor) AS back
        FROM marketplace.order_refund WHERE vendor_order_id = v.id
    ) r ON true WHERE v.organisation_id = :organisation
) o
LEFT JOIN unnest(CAST(:disputed AS text[])) AS d (ref) ON d.ref = o.ref
WHERE d.ref IS NOT NULL
    OR o.state IN ('paid', 'dispatched', 'in_transit', 'customs', 'delivered')
GROUP BY o.vendor_currency
