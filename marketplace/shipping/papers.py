"""The papers of a parcel: label, postal customs forms, invoice, packing list, origin.

Postal and customs forms are bilingual English and French by convention and are not translated.
Registration numbers of tax schemes travel electronically only and stand on none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from banking import api as bank
from kernel.db import session
from kernel.documents import render_pdf
from kernel.money import Money
from marketplace.customs import queries as customs
from marketplace.customs.queries import DeclarationView
from marketplace.shipping.errors import NoSuchPaper, ParcelUnknown
from marketplace.shipping.models import Parcel
from marketplace.shipping.rules.barcode import bars
from marketplace.shipping.rules.cards import SERVICE_NAMES
from marketplace.shipping.shipped import network


class Paper(StrEnum):
    """A kind of paper."""

    LABEL = "label"
    CN22 = "cn22"
    CN23 = "cn23"
    INVOICE = "invoice"
    PACKING_LIST = "packing_list"
    ORIGIN = "origin"


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
    folder = resources.files("marketplace.shipping").joinpath("papers")
    source = "".join(folder.joinpath(f"{n}.typ").read_text("utf-8") for n in ("frame", paper.value))
    with TemporaryDirectory() as place:
        template = Path(place) / "paper.typ"
        template.write_text(source, encoding="utf-8")
        return render_pdf(template, paper_data(row, declaration, paper), locale="en")


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
    return {
        "title": f"{paper.value} {row.ref}",
        "parcel_ref": row.ref,
        "order_ref": row.vendor_order_ref,
        "invoice_ref": f"INV-{row.ref.partition('-')[2]}",
        "tracking_number": number,
        "bars": bars(number),
        "service_name": SERVICE_NAMES[row.option_code].upper(),
        "sender": _address(row.origin),
        "recipient": _address(row.destination),
        "weight_kg": _kilograms(row.weight_g),
        "dispatched_on": row.dispatched_at.date().isoformat(),
        **_declared(declaration),
    }


def _declared(declaration: DeclarationView | None) -> dict[str, Any]:
    if declaration is None:
        return {"incoterm": "", "lines": [], "currency": "", "declaration_ref": ""}
    document = declaration.document
    currency = document["currency"]
    goods = sum((_value(line) for line in document["lines"]), Decimal(0))
    freight, insurance = Decimal(document["freight"]), Decimal(document["insurance"])
    return {
        "incoterm": declaration.incoterm,
        "declaration_ref": declaration.ref,
        "registration_number": declaration.registration_number or "",
        "currency": currency,
        "goods_total": _amount(goods, currency),
        "freight": _amount(freight, currency),
        "insurance": _amount(insurance, currency),
        "total": _amount(goods + freight + insurance, currency),
        "lines": [
            {
                "number": number,
                "description": line["description"],
                "hs_code": line["hs_code"],
                "origin": line["origin"],
                "quantity": line["quantity"],
                "unit_price": _amount(Decimal(line["unit_price"]), currency),
                "value": _amount(_value(line), currency),
                "weight_kg": _kilograms(int(line["weight_g"] or 0) * line["quantity"]),
            }
            for number, line in enumerate(document["lines"], start=1)
        ],
    }


def _value(line: Mapping[str, Any]) -> Decimal:
    return Decimal(line["unit_price"]) * int(line["quantity"])


def _amount(amount: Decimal, currency: str) -> str:
    return str(Money.of(amount, currency).amount)


def _kilograms(weight_g: int) -> str:
    return f"{Decimal(weight_g) / 1000:.3f}"


def _address(address: Mapping[str, Any]) -> dict[str, Any]:
    country = str(address["country"])
    return {
        "name": address.get("name_latin") or address.get("name") or "",
        "lines": list(address.get("lines") or ()),
        "city": address.get("city") or "",
        "region": address.get("region") or "",
        "postcode": address.get("postcode") or "",
        "country": country,
        "country_name": _country_name(country),
    }


def _country_name(country: str) -> str:
    from babel import Locale  # noqa: PLC0415 - its data are loaded for papers alone

    return str(Locale("en").territories.get(country, country)).upper()
