-- Writes a checkout that begins, with its priced parcels.
-- Columns: none.
-- Asked by whoever begins to check out.
-- Index: pk_checkout and pk_checkout_parcel.
WITH begun AS (
    INSERT INTO marketplace.checkout (
        id, ref, cart_id, person_id, state, currency, country, locale, address,
        business_name, aside, opened, reservation_key, reserved_until, started_at
    )
    VALUES (
        :id, :ref, :cart_id, :person_id, 'open', :currency, :country, :locale,
        CAST(:address AS jsonb), :business_name, CAST(:aside AS jsonb), '{}',
        :reservation_key, :reserved_until, :started_at
    )
)
INSERT INTO marketplace.checkout_parcel (
    checkout_id, vendor_id, position, parcel_ref, lines, options, option, cover, has_delay,
    informed_at, steps, customs_quote_id, insurance_quote_id, rate_quote_id, promised_on,
    valid_until
)
SELECT
    :id, p.vendor_id, p.position, p.parcel_ref, p.lines, p.options, p.option, p.cover, p.has_delay,
    p.informed_at, p.steps, p.customs_quote_id, p.insurance_quote_id, p.rate_quote_id,
    p.promised_on, p.valid_until
FROM jsonb_to_recordset(CAST(:parcels AS jsonb)) AS p (
    vendor_id bigint, position int, parcel_ref text, lines jsonb, options jsonb, option text,
    cover text, has_delay boolean, informed_at timestamptz, steps jsonb, customs_quote_id uuid,
    insurance_quote_id uuid, rate_quote_id uuid, promised_on date, valid_until timestamptz
)
