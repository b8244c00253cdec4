-- Keeps a landed cost that was promised.
-- Columns: none.
-- Asked by whoever prices a parcel.
-- Index: pk_customs_quote and ix_customs_quote_subject.
INSERT INTO marketplace.customs_quote (
    id, subject, buyer_id, destination_country, destination_region, regime, currency,
    goods_minor, freight_minor, insurance_minor, duty_minor, tax_minor, fee_minor, charges_minor,
    incoterm, collector, confidence, row_ids, rules_digest, line_refs, line_titles, "case",
    result, quoted_at, valid_until
) VALUES (
    :id, :subject, :buyer_id, :destination_country, :destination_region, :regime, :currency,
    :goods_minor, :freight_minor, :insurance_minor, :duty_minor, :tax_minor, :fee_minor,
    :charges_minor, :incoterm, :collector, :confidence, :row_ids, :rules_digest, :line_refs,
    :line_titles, CAST(:case AS jsonb), CAST(:result AS jsonb), :quoted_at, :valid_until
)
