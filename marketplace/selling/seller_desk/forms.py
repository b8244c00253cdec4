"""Reads what a vendor chooses for the whole shop."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kernel.text import N_
from kernel.web import Reader
from kernel.web.preferences import COUNTRY_CURRENCY
from kernel.web.scripts import is_latin
from marketplace.buying.buyers import queries as buyers
from marketplace.catalogue.vendors.queries import VendorView

NEEDS_PHONE = N_(
    "Phone numbers in this country look like %(example)s. For another country, start with + and"
    " the country code."
)


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where a shop sends to. Shape: None is every country."""

    countries: tuple[str, ...] | None

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Destinations:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        reach = reader.choice("reach", ("all", "some"))
        chosen = tuple(code for code in form.getlist("country") if code in COUNTRY_CURRENCY)
        if reach == "some" and not chosen:
            reader.complain("reach", N_("Select at least one country."))
        reader.done()
        return cls(chosen if reach == "some" else None)


@dataclass(frozen=True, slots=True)
class LatinReading:
    """How name and city of a shop read in Latin letters; empty leaves them as they are written."""

    name: str
    city: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> LatinReading:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        reading = cls(
            reader.text("name_latin", most=100, optional=True),
            reader.text("city_latin", most=100, optional=True),
        )
        for field, typed in (("name_latin", reading.name), ("city_latin", reading.city)):
            if not is_latin(typed):
                reader.complain(field, N_("Please use Latin letters here."))
        reader.done()
        return reading


def parse_responsible(form: MultiDict[str, str]) -> dict[str, str]:
    """Return who answers in the Union, whole or nothing at all. Raises: Invalid."""
    reader = Reader(form)
    if not any(reader.raw(f"responsible_{part}") for part in ("name", "address", "email")):
        return {}
    named = {
        "name": reader.text("responsible_name"),
        "address": reader.text("responsible_address", most=300, is_long=True),
        "email": reader.email("responsible_email"),
    }
    reader.done()
    return named


def parse_phone(form: MultiDict[str, str], vendor: VendorView) -> str:
    """Return the number typed as it is kept, empty for none. Raises: Invalid."""
    reader = Reader(form)
    typed = reader.text("phone", most=40, optional=True)
    number = buyers.phone(vendor.country, typed) if typed else ""
    if number is None:
        # Isolated: in Arabic its groups would stand the other way round.
        example = f"\u2066{buyers.phone_example(vendor.country)}\u2069"
        reader.complain("phone", NEEDS_PHONE, example=example)
    reader.done()
    return number or ""
