"""What kinds of goods are called, and why a parcel is not insured, in words."""

from __future__ import annotations

from insurance.offers.shipments.rules import Kind
from kernel.text import N_

KIND: dict[Kind, str] = {
    Kind.CLOTHES: N_("Clothes, shoes and textiles"),
    Kind.BOOKS: N_("Books and prints"),
    Kind.HOME: N_("Furniture and household items"),
    Kind.CERAMICS: N_("Ceramics, glass and lamps"),
    Kind.ELECTRONICS: N_("Electronics"),
    Kind.COMPUTERS: N_("Laptops and tablets"),
    Kind.PHONES: N_("Phones"),
    Kind.JEWELLERY: N_("Jewellery"),
    Kind.WATCHES: N_("Watches"),
    Kind.INSTRUMENTS: N_("Musical instruments"),
    Kind.DRINKS: N_("Wine, oil and other bottles"),
    Kind.FOOD: N_("Food that keeps"),
    Kind.FRESH: N_("Fresh food and flowers"),
    Kind.VALUABLES: N_("Cash, gold and securities"),
    Kind.ELSE: N_("Something else"),
}

# By the codes of the tariff's gate and of quotes; the figures are in the product information.
WHY_NOT: dict[str, str] = {
    "SANCTIONED": N_("We can't insure parcels to or from where this one goes."),
    "EXCLUDED_GOODS": N_("Cash, gold, securities, tobacco and live animals can't be insured."),
    "UNTRACKED_SERVICE": N_("Only parcels with tracking can be insured."),
    "ALREADY_IN_TRANSIT": N_("The carrier already has this parcel. Cover starts before that."),
    "COUNTRY_NOT_OFFERED": N_("We don't sell cover where you live yet."),
    "CURRENCY_NOT_OFFERED": N_("We don't sell cover in this currency today. Choose another."),
    "SI_OVER_AUTHORITY": N_("It's worth more than we can insure without an underwriter."),
    "OVER_VALUE": N_("The value is higher than what was paid, so an underwriter has to look."),
    "PERISHABLE": N_("Fresh items spoil, so an underwriter has to look."),
    "ZONE": N_("An underwriter has to look at parcels on this route."),
    "ADDS_NOTHING": N_("The seller already owes you everything that cover would pay."),
}
OTHERWISE = N_("This parcel is outside of what we insure.")


def why_not(reason: str) -> str:
    """Return the marked sentence that says why a parcel is not insured."""
    return WHY_NOT.get(reason, OTHERWISE)
