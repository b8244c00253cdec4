-- Writes what was bought at once: the group, each shop's order, its goods and its first step.
-- Columns: may_be_insured, whether a shop has a rule to insure what it sends there at its own cost;
-- which parcel the rule takes is looked at later. What a business buys is its own risk.
-- Asked by every placing, once; :orders and :lines are rows as JSON, named like their columns.
-- Index: uq_seller_rules_organisation_id_country; goods keep the order in which they are told.
WITH bought AS (
    INSERT INTO marketplace.order_group (
        id, ref, checkout_ref, person_id, wallet_id, payment_id, currency, country, locale,
        address, business_name, premium_minor, total_minor, placed_at
    ) VALUES (
        :id, :ref, :checkout_ref, :person_id, :wallet_id, :payment_id, :currency, :country, :locale,
        CAST(:address AS jsonb), :business_name, :premium_minor, :total_minor, :now
    )
), sold AS (
    INSERT INTO marketplace.vendor_order (
        id, ref, group_id, vendor_id, organisation_id, state, currency, goods_minor, freight_minor,
        duty_minor, tax_minor, fees_minor, total_minor, vendor_currency, vendor_goods_minor,
        vendor_commission_minor, commission_term, rate_quote_id, customs_quote_id,
        insurance_quote_id, cover, delivery, steps, ship_by_on, promised_on, parcel_ref, origin,
        placed_at
    )
    SELECT id, ref, :id, vendor_id, organisation_id, :state, :currency, goods_minor, freight_minor,
        duty_minor, tax_minor, fees_minor, total_minor, vendor_currency, vendor_goods_minor,
        vendor_commission_minor, commission_term, rate_quote_id, customs_quote_id,
        insurance_quote_id, cover, delivery, steps, ship_by_on, promised_on, parcel_ref, origin,
        :now
    FROM jsonb_populate_recordset(
        CAST(NULL AS marketplace.vendor_order), CAST(:orders AS jsonb)
    ) AS o
    RETURNING id, organisation_id
), goods AS (
    INSERT INTO marketplace.order_line (
        vendor_order_id, offer_id, product_ref, sku, titles, options, picture, quantity, unit_minor,
        vendor_unit_minor, hs_code, origin_country, weight_g, hazards
    )
    SELECT vendor_order_id, offer_id, product_ref, sku, titles, options, picture, quantity,
        unit_minor, vendor_unit_minor, hs_code, origin_country, weight_g, hazards
    FROM jsonb_populate_recordset(
        CAST(NULL AS marketplace.order_line), CAST(:lines AS jsonb)
    ) AS l
), begun AS (
    INSERT INTO marketplace.order_step (vendor_order_id, state, at, actor)
    SELECT id, :state, :now, :actor FROM sold
)
SELECT CAST(:business_name AS text) IS NULL AND EXISTS (
    SELECT FROM sold JOIN insurance.seller_rules r USING (organisation_id)
    WHERE r.stopped_at IS NULL AND r.country IN (:country, :everywhere)
    AND r.active_from <= CAST(:day AS date)
    AND (r.active_until IS NULL OR r.active_until >= CAST(:day AS date))
) AS may_be_insured
