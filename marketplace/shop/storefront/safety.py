"""Who answers in the European Union for the safety of goods, as their page says it.

Source: Regulation (EU) 2023/988, articles 16 and 19.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.text import N_
from kernel.web import preferences
from kernel.web.formats import country_name, format_row
from kernel.web.i18n import translate
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews
from marketplace.shop.storefront.product_page import Showcase

NAMED = N_("Responsible for product safety in the European Union:")
OWN = N_("The seller is established in the European Union and is responsible for product safety:")
NOBODY = N_(
    "The seller hasn't named a responsible person in the European Union, so it can't be bought"
    " there."
)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers. Shape: words a marked sentence; rows are label and value in words."""

    words: str
    rows: Sequence[tuple[str, str]] = ()


def trader_address(vendor: VendorView) -> str:
    """Return where a trader is registered, in one row."""
    legal = vendor.legal
    place = [
        *legal.get("lines", ()),
        legal.get("postcode"),
        legal.get("city"),
        legal.get("region"),
        country_name(legal.get("country") or vendor.country),
    ]
    return format_row(*(str(part) for part in place if part))


def answering(page: Showcase) -> Answering | None:
    """Return who answers for goods in the Union; None where nobody has to and nobody is named.

    Whoever is not sent these goods is not told that nobody answers for them there.
    """
    union, vendor = previews.union(), page.offer.vendor if page.offer else None
    named = page.responsible or (vendor.responsible if vendor else {})
    if named:
        return Answering(NAMED, _rows(named["name"], named["address"], named["email"]))
    if vendor is None:
        return None
    legal = vendor.legal
    if str(legal.get("country") or vendor.country) in union:
        name = str(legal.get("name") or vendor.name)
        return Answering(OWN, _rows(name, trader_address(vendor), str(legal.get("email") or "")))
    here = preferences().country
    return Answering(NOBODY) if here in union and vendor.sends(here) else None


def _rows(name: str, address: str, email: str) -> list[tuple[str, str]]:
    rows = [(N_("Name"), name), (N_("Address"), address), (N_("Email"), email)]
    return [(translate(label), value) for label, value in rows if value]
