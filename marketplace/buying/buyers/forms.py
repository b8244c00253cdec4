"""Reads an address by the rules of its country."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from kernel.text import N_
from kernel.web import Reader
from kernel.web.scripts import is_latin, is_read
from marketplace.buying.buyers import rules
from marketplace.buying.buyers.rules import OTHER_LETTERS, REGIONS, RULES, TaxRef
from marketplace.buying.buyers.service import NewAddress

# Of people and towns: some need it, and no table says less.
LONGEST_NAME = 100

NEEDS_POSTCODE = N_("Postcodes in this country look like %(example)s.")
NEEDS_REGION = N_("Parcels to this country need a state, province or region.")
NEEDS_PHONE = N_(
    "Phone numbers in this country look like %(example)s. For another country, start with + and"
    " the country code."
)
NEEDS_LATIN = N_(
    "Please add the name in Latin letters, as in the passport. Carriers and customs abroad read"
    " no others."
)
NEEDS_CPF = N_("Enter a CPF of eleven digits. Brazilian customs asks for it.")
NEEDS_PCCC = N_("Enter the personal customs code: P and twelve digits. Korean customs asks for it.")


def address_fields(values: Mapping[str, str], usual: str) -> dict[str, object]:
    """Return what the fields need, in the country that was chosen for them or the usual one."""
    country = values.get("country", usual)
    country = country if country in RULES else usual
    return {
        "countries": list(RULES),
        "country": country,
        "rule": RULES[country],
        "example": rules.example(country),
        "phone_example": rules.phone_example(country),
        "regions": _regions(country),
        "asks_latin": country in OTHER_LETTERS,
    }


def _regions(country: str) -> list[tuple[str, str]]:
    """Return the regions to choose from, each by a name that the page's readers know."""
    known = REGIONS.get(country, {}).items()
    return [(short, name if is_read(name) else short) for short, name in known]


def parse_address(form: Mapping[str, str], *, prefix: str = "") -> NewAddress:
    """Return the address typed. Raises: Invalid with every complaint.

    Shape: fields are label, name, name_latin, line1, line2, city, region, postcode, country, phone,
    tax_ref, is_default, each after `prefix`.
    """
    reader = Reader(form)
    address = read_address(reader, prefix=prefix)
    reader.done()
    return address


def read_address(reader: Reader, *, prefix: str = "") -> NewAddress:
    """Read an address as part of a larger form; complaints stay with the reader."""
    country = reader.choice(f"{prefix}country", RULES)
    lines = [
        reader.text(f"{prefix}line1", most=100),
        reader.text(f"{prefix}line2", most=100, optional=True),
    ]
    name = reader.text(f"{prefix}name", most=LONGEST_NAME)
    region = _region(reader, f"{prefix}region", country)
    return NewAddress(
        label=reader.text(f"{prefix}label", most=100, optional=True),
        name=name,
        name_latin=_name_latin(reader, f"{prefix}name_latin", name),
        lines=tuple(line for line in lines if line),
        city=reader.text(f"{prefix}city", most=LONGEST_NAME),
        region=region,
        postcode=_postcode(reader, f"{prefix}postcode", country),
        country=country,
        phone=_phone(reader, f"{prefix}phone", country),
        tax_ref=_tax_ref(reader, f"{prefix}tax_ref", country),
        is_default=reader.flag(f"{prefix}is_default"),
    )


def _name_latin(reader: Reader, field: str, name: str) -> str:
    """Read how a name reads in Latin letters, wide ones as well; asked of nobody who has no other.

    A name that is Latin itself has no second reading.
    """
    typed = normalize("NFKC", reader.text(field, most=LONGEST_NAME, optional=True))[:LONGEST_NAME]
    if not is_latin(typed):
        reader.complain(field, N_("Please use Latin letters here."))
    if is_latin(normalize("NFKC", name)):
        return ""
    if not typed:
        reader.complain(field, NEEDS_LATIN)
    return typed


def _region(reader: Reader, name: str, country: str) -> str:
    typed = reader.text(name, most=LONGEST_NAME, optional=True)
    rule = RULES.get(country)
    if rule is None:
        return typed
    if "region" not in rule.order:
        return ""
    written = rules.region(country, typed) if typed else ""
    if written is None or (rule.needs_region and not written):
        reader.complain(name, NEEDS_REGION)
    return written or typed


def _postcode(reader: Reader, name: str, country: str) -> str:
    typed = reader.raw(name)
    if country not in RULES or not RULES[country].postcodes:
        return ""
    written = rules.postcode(country, typed)
    if written is None:
        reader.complain(name, NEEDS_POSTCODE, example=rules.example(country))
    return written or typed


def _phone(reader: Reader, name: str, country: str) -> str:
    typed = reader.text(name, most=40, optional=True)
    if not typed or country not in RULES:
        return typed
    number = rules.phone(country, typed)
    if number is None:
        # Isolated: in Arabic its groups would stand the other way round.
        example = f"\u2066{rules.phone_example(country)}\u2069"
        reader.complain(name, NEEDS_PHONE, example=example)
    return number or typed


def _tax_ref(reader: Reader, name: str, country: str) -> str:
    typed = reader.raw(name)
    wanted = RULES[country].tax_ref if country in RULES else TaxRef.NONE
    if wanted is TaxRef.CPF and not rules.is_cpf(typed):
        reader.complain(name, NEEDS_CPF)
    if wanted is TaxRef.PCCC and not rules.is_pccc(typed):
        reader.complain(name, NEEDS_PCCC)
    return typed if wanted is not TaxRef.NONE else ""
