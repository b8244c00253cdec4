"""Sentences for regimes, charges and refusals; marked here, translated by the shell."""

from __future__ import annotations

from kernel.text import N_

REGIMES = {
    "DOMESTIC": N_("There's no border to cross, so nothing is added to the price."),
    "EU_LOW_RELIEF": N_("Small parcel into the European Union: no duty, VAT only."),
    "EU_LOW_FLAT": N_(
        "Small parcel into the European Union: flat duty per type of product, and VAT."
    ),
    "EU_STANDARD": N_("Parcel into the European Union: duty by tariff, and VAT on everything."),
    "GB_LOW": N_("Small parcel into Great Britain: no duty, VAT is collected with the order."),
    "GB_STANDARD": N_("Parcel into Great Britain: duty by tariff, and import VAT."),
    "US_INFORMAL": N_("Informal entry into the United States: duty on every parcel, no sales tax."),
    "CN_CBEC": N_("Retail import into China within the limits: no duty, reduced taxes."),
    "CN_CBEC_FULL": N_("Retail import into China of one expensive item: full duty and taxes."),
    "JP_FREE": N_("Small personal import into Japan: no duty, no tax."),
    "JP_SIMPLIFIED": N_("Personal import into Japan: simplified tariff and consumption tax."),
    "JP_NORMAL": N_("Personal import into Japan: ordinary tariff and consumption tax."),
    "CA_FREE": N_("Small parcel into Canada: no duty, no tax."),
    "CA_TAX_ONLY": N_("Courier parcel into Canada: no duty, sales tax only."),
    "CA_FULL": N_("Parcel into Canada: duty by tariff, and sales tax."),
    "AU_LOW": N_("Low-value items into Australia: no duty, GST is collected with the order."),
    "AU_STANDARD": N_("Parcel into Australia: duty by tariff, and GST on everything."),
    "CH_PLATFORM": N_("Parcel into Switzerland: VAT is collected with the order."),
    "CH_BORDER": N_("Parcel into Switzerland: VAT at the border, small amounts aren't charged."),
    "BR_PROGRAMME_LOW": N_("Small parcel into Brazil under Remessa Conforme: low tax, and ICMS."),
    "BR_PROGRAMME_HIGH": N_("Parcel into Brazil under Remessa Conforme: import tax and ICMS."),
    "BR_NON_PROGRAMME": N_(
        "Parcel into Brazil outside Remessa Conforme: full import tax and ICMS."
    ),
    "KR_FREE": N_("Small parcel into Korea: no duty, no tax."),
    "KR_FULL": N_("Parcel into Korea: duty by tariff and VAT on the whole value."),
    "SG_LOW": N_("Low-value items into Singapore: GST is collected with the order."),
    "SG_STANDARD": N_("Parcel into Singapore: GST at the border."),
    "AE_RELIEF": N_("Small parcel into the Emirates: no duty, VAT only."),
    "AE_FULL": N_("Parcel into the Emirates: duty by tariff, and VAT on everything."),
    # Where a country's file gives its relief no words of its own.
    "RELIEF_AT_SALE": N_("Small parcel: no duty, tax is collected with the order."),
    "RELIEF_AT_BORDER": N_("Small parcel: no duty, tax only."),
    "RELIEF_NEVER": N_("Small parcel: no duty, no tax."),
    "TARIFF": N_("Parcel: duty by tariff, and tax on everything."),
}

TAXES = {
    "VAT": N_("VAT"),
    "GST": N_("GST"),
    "HST": N_("HST"),
    "PST": N_("PST"),
    "QST": N_("QST"),
    "ICMS": N_("ICMS"),
    "consumption_tax": N_("Consumption tax"),
    "consumption_tax_national": N_("National consumption tax"),
    "consumption_tax_local": N_("Local consumption tax"),
}

FEES = {
    "US-MPF-INFORMAL": N_("Merchandise processing fee"),
    "CA-POST-HANDLING": N_("Postal handling fee"),
    "FR-PARCEL": N_("French parcel fee"),
    "RO-PARCEL": N_("Romanian parcel fee"),
    "IT-PARCEL": N_("Italian parcel fee"),
    "EU-HANDLING": N_("Handling fee of the European Union"),
    "JP-POST-CLEARANCE": N_("Postal clearance fee"),
    "AU-IMPORT-PROCESSING": N_("Import processing charge"),
    "CH-CLEARANCE": N_("Clearance fee"),
    "BR-POST-CLEARANCE": N_("Postal clearance fee"),
    "AE-CARRIER-ADMIN": N_("Carrier's administration fee"),
}

GOODS = N_("Items")
FREIGHT = N_("Delivery")
INSURANCE = N_("Insurance")
DUTY = N_("Customs duty")
SELLER_COST = N_("Duty paid by the seller")

WHY_GOODS = N_("What the seller charges.")
WHY_FREIGHT = N_("What the carrier charges to the border and to your door.")
WHY_INSURANCE = N_("Cover is part of the customs value.")
WHY_SELLER_COST = N_("The seller pays this, not you.")
WHY_RATE = N_("%(rate)s%% of %(base)s.")
WHY_RATES = N_("All the tariff's layers added up, on a customs value of %(base)s.")
WHY_AMOUNT = N_("By weight, item or type of product, as the tariff says.")
WHY_RELIEF = N_("Below the value where duty starts.")
WHY_NOT_LEVIED = N_("Too small to be charged.")
WHY_NOTHING = N_("Nothing to pay.")
WHY_FEE = N_("A fixed fee for each customs entry.")

RESTRICTIONS = {
    "excise_alcohol": N_("Alcohol needs an excise licence at the destination."),
    "excise_tobacco": N_("Tobacco needs an excise licence at the destination."),
    "plant_health": N_("Living plants and seeds need a plant health certificate."),
    "arms": N_("Weapons and their parts can't be sent."),
    "dangerous": N_("Explosives and fireworks can't be sent."),
    "weapons": N_("This kind of knife is a prohibited weapon at the destination."),
    "biosecurity": N_("The destination bans this food to protect its animals and plants."),
    "food_permit": N_("This food needs an import permit at the destination."),
    "outside_relief": N_("The destination's parcel rules exclude perfume."),
    "cites": N_("Protected species can't be traded."),
    "lithium_post": N_("Batteries on their own can't go by post, but a courier can take them."),
    "flammable_post": N_("Flammable liquids can't go by post, but a courier can take them."),
}

CONFIDENCE = {
    "high": N_("Rates from the law or official notices."),
    "medium": N_("Rates from trade sources; the total is guaranteed at checkout."),
    "low": N_("Some rates are only reported; the total is guaranteed at checkout."),
}
