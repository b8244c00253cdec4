"""The papers of a parcel: label, postal customs forms, invoice, packing list, origin.

Postal forms speak English and French by convention; the other papers speak English and the language
of where the parcel goes, so that customs there can read them. Names stand in their own script.
Registration numbers of tax schemes travel electronically only and stand on none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel.languages import get_official_languages
from sqlalchemy import select

from banking import api as bank
from kernel.db import session
from kernel.documents import isolated, render_pdf
from kernel.money import Money
from kernel.text import N_
from kernel.web.formats import country_name, format_date, format_money, format_number, zone_of
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction
from kernel.web.preferences import LANGUAGES
from marketplace.borders.customs import queries as customs
from marketplace.borders.customs.queries import DeclarationView
from marketplace.catalogue.products.queries import HAZARD_WORDS, UN_NUMBER, Hazard
from marketplace.logistics.carriers.queries import network
from marketplace.logistics.shipping.errors import NoSuchPaper, ParcelUnknown
from marketplace.logistics.shipping.models import Parcel
from marketplace.logistics.shipping.rules.barcode import bars


class Paper(StrEnum):
    """A kind of paper."""

    LABEL = "label"
    CN22 = "cn22"
    CN23 = "cn23"
    INVOICE = "invoice"
    PACKING_LIST = "packing_list"
    ORIGIN = "origin"


_TITLES = {
    Paper.LABEL: "Address label",
    Paper.CN22: "Customs declaration CN 22",
    Paper.CN23: "Customs declaration CN 23",
    Paper.INVOICE: "Commercial invoice",
    Paper.PACKING_LIST: "Packing list",
    Paper.ORIGIN: "Statement of origin",
}

# i18n: words of commercial invoices, packing lists and statements of origin, as customs know them
_WORDS = {
    "invoice": N_("Commercial invoice"),
    "packing_list": N_("Packing list"),
    "origin_title": N_("Statement of origin"),
    "non_preferential": N_("Exporter's declaration of non-preferential origin"),
    "invoice_number": N_("Invoice number"),
    "date": N_("Date of dispatch"),
    "exporter": N_("Seller and exporter"),
    "consignee": N_("Consignee"),
    "terms": N_("Delivery terms (Incoterms 2020)"),
    "order": N_("Order"),
    "parcel": N_("Parcel number"),
    "gross_weight": N_("Gross weight"),
    "number": N_("No."),
    "description": N_("Description of the goods"),
    "hs_code": N_("HS code"),
    "origin": N_("Origin"),
    "quantity": N_("Quantity"),
    "unit_price": N_("Unit price"),
    "value": N_("Value of the goods"),
    "weight": N_("Weight"),
    "freight": N_("Freight"),
    "insurance": N_("Insurance"),
    "total": N_("Total"),
    "reason": N_("Reason for export: sale of goods"),
    "declaration": N_("Customs declaration"),
    "registration": N_("Customs registration number"),
    "true": N_("I declare that what this paper states is true and correct."),
    "originate": N_("I declare that the goods listed here originate in the countries shown."),
    "one_parcel": N_("The goods travel in one parcel."),
}


# Names of goods in transport, as the United Nations write them on parcels of every country.
# Source: UN Model Regulations, dangerous goods list.
_SHIPPING_NAMES = {
    Hazard.ION_CONTAINED: "Lithium ion batteries contained in equipment",
    Hazard.ION_PACKED: "Lithium ion batteries packed with equipment",
    Hazard.ION_ALONE: "Lithium ion batteries",
    Hazard.METAL_CONTAINED: "Lithium metal batteries contained in equipment",
    Hazard.METAL_PACKED: "Lithium metal batteries packed with equipment",
    Hazard.METAL_ALONE: "Lithium metal batteries",
    Hazard.DANGEROUS: "Dangerous goods, as the sender declared them to the carrier",
}


def papers_of(*, parcel_ref: str) -> tuple[Paper, ...]:
    """Return the papers that a parcel has; none before its label is bought.

    Post carries CN 22 up to its limit and CN 23 above; couriers carry the invoice.
    """
    row = _parcel(parcel_ref)
    if row.tracking_number is None:
        return ()
    if not row.crosses_border:
        return (Paper.LABEL,)
    shared = (Paper.LABEL, Paper.INVOICE, Paper.PACKING_LIST, Paper.ORIGIN)
    if network().service(row.option_code).channel != "post":
        return shared
    declaration = customs.declaration_of(parcel_ref=parcel_ref)
    assert declaration is not None, "a border was declared at dispatch"
    form = Paper.CN22 if _is_small(declaration) else Paper.CN23
    return (Paper.LABEL, form, *shared[1:])


def paper_pdf(*, parcel_ref: str, paper: Paper) -> bytes:
    """Return a paper as PDF; the caller authorised the parcel.

    Raises: ParcelUnknown, NoSuchPaper.
    """
    if paper not in papers_of(parcel_ref=parcel_ref):
        raise NoSuchPaper(parcel_ref=parcel_ref, paper=paper.value)
    row = _parcel(parcel_ref)
    declaration = customs.declaration_of(parcel_ref=parcel_ref)
    return render_pdf(
        f"marketplace/logistics/shipping/papers/{paper.value}.typ",
        paper_data(row, declaration, paper),
        locale="en",
        direction="ltr",
        at=row.dispatched_at,
    )


def _parcel(parcel_ref: str) -> Parcel:
    row = session().scalar(select(Parcel).where(Parcel.ref == parcel_ref))
    if row is None:
        raise ParcelUnknown(parcel_ref=parcel_ref)
    return row


def _is_small(declaration: DeclarationView) -> bool:
    document = declaration.document
    goods = sum((_value(line) for line in document["lines"]), Decimal(0))
    euro = bank.fx_rate(base=document["currency"], quote="EUR").ratio
    return goods * euro.numerator <= network().cn22_limit_eur * euro.denominator


def paper_data(row: Parcel, declaration: DeclarationView | None, paper: Paper) -> dict[str, Any]:
    """Return what stands on a paper, as strings; totals are those of the declaration."""
    number = row.tracking_number or ""
    there = spoken_in(row.destination["country"])
    with use_locale("en"):
        return {
            "title": f"{_TITLES[paper]} {row.ref}",
            "words": _words(there),
            "there": {"locale": there, "direction": direction(there)},
            "parcel_ref": row.ref,
            "order_ref": row.vendor_order_ref,
            "invoice_ref": f"INV-{row.ref.partition('-')[2]}",
            "tracking_number": number,
            "bars": bars(number),
            "service_name": network().service(row.option_code).name.upper(),
            "sender": _address(row.origin, there),
            "recipient": _address(row.destination, there),
            "weight": _kilograms(row.weight_g),
            "hazards": [_hazard(Hazard(hazard), there) for hazard in row.hazards],
            "dispatched_on": format_date(
                row.dispatched_at, "date", zone=zone_of(row.origin["country"])
            ),
            **_declared(declaration),
        }


def _hazard(hazard: Hazard, there: str) -> dict[str, str]:
    """Return what stands on papers of goods that carriers must know of.

    Shape: number is the United Nations' one, empty where the sender declares it to the carrier;
    there is the name in the language of where the parcel goes, empty where that is English.
    """
    with use_locale(there):
        local = translate(HAZARD_WORDS[hazard])
    return {
        "number": UN_NUMBER.get(hazard, ""),
        "name": _SHIPPING_NAMES[hazard],
        "there": "" if local == HAZARD_WORDS[hazard] else local,
    }


def spoken_in(country: str) -> str:
    """Return the language in which customs of a country read: English where it is official there.

    Else the first official language that the house speaks, English where it speaks none.
    """
    official = get_official_languages(country, de_facto=True)
    known = {tag.partition("-")[0]: tag for tag in LANGUAGES.values()}
    return "en" if "en" in official else next((known[x] for x in official if x in known), "en")


def _words(there: str) -> dict[str, dict[str, str]]:
    """Return every word of a paper. Shape: `en` and, where it differs, `there`."""
    with use_locale(there):
        local = {name: translate(words) for name, words in _WORDS.items()}
    return {
        name: {"en": words, "there": local[name] if local[name] != words else ""}
        for name, words in _WORDS.items()
    }


def _declared(declaration: DeclarationView | None) -> dict[str, Any]:
    if declaration is None:
        return {"incoterm": "", "lines": [], "declaration_ref": ""}
    document = declaration.document
    currency = document["currency"]
    goods = sum((_value(line) for line in document["lines"]), Decimal(0))
    freight, insurance = Decimal(document["freight"]), Decimal(document["insurance"])
    return {
        "incoterm": declaration.incoterm,
        "declaration_ref": declaration.ref,
        "registration_number": declaration.registration_number or "",
        "goods_total": _amount(goods, currency),
        "freight": _amount(freight, currency),
        "insurance": _amount(insurance, currency),
        "total": _amount(goods + freight + insurance, currency),
        "lines": [
            {
                "number": str(number),
                "description": isolated(line["description"]),
                "hs_code": line["hs_code"],
                "origin": line["origin"],
                "quantity": format_number(line["quantity"]),
                "unit_price": _amount(Decimal(line["unit_price"]), currency),
                "value": _amount(_value(line), currency),
                "weight": _kilograms(int(line["weight_g"] or 0) * line["quantity"]),
            }
            for number, line in enumerate(document["lines"], start=1)
        ],
    }


def _value(line: Mapping[str, Any]) -> Decimal:
    return Decimal(line["unit_price"]) * int(line["quantity"])


def _amount(amount: Decimal, currency: str) -> str:
    return format_money(Money.of(amount, currency), explicit=True)


def _kilograms(weight_g: int) -> str:
    return f"{format_number(Decimal(weight_g) / 1000, digits=3)}\u00a0kg"


def _address(address: Mapping[str, Any], there: str) -> dict[str, Any]:
    """Return an address. Shape: own_name is the name in its own script where that differs."""
    country = str(address["country"])
    name, own_name = address.get("name_latin") or address.get("name"), address.get("name")
    with use_locale(there):
        country_there = country_name(country)
    place = " ".join(str(address[k]) for k in ("postcode", "city", "region") if address.get(k))
    return {
        "name": isolated(name or ""),
        "own_name": isolated(own_name or "") if own_name != name else "",
        "lines": [isolated(line) for line in (*(address.get("lines") or ()), place) if line],
        "city": address.get("city") or "",
        "country": country,
        "country_name": country_name(country).upper(),
        "country_there": "" if country_there == country_name(country) else country_there,
    }
