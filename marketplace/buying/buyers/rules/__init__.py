"""What an address must hold, country by country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kernel import countries
from kernel.registry import Registry, only
from kernel.text import N_
from marketplace.buying.buyers.rules.phones import phone, phone_example, phone_forms, phone_in
from marketplace.buying.buyers.rules.regions import REGIONS, region

__all__ = [
    "OTHER_LETTERS",
    "REGIONS",
    "RULES",
    "AddressRule",
    "TaxRef",
    "address_rules",
    "example",
    "in_order",
    "is_cpf",
    "is_pccc",
    "phone",
    "phone_example",
    "phone_forms",
    "phone_in",
    "postcode",
    "region",
]


class TaxRef(StrEnum):
    """The number an importer must give where customs asks for it."""

    NONE = ""
    CPF = "cpf"
    PCCC = "pccc"


@dataclass(frozen=True, slots=True)
class AddressRule:
    """How addresses of a country are written.

    Shape: postcodes are patterns of 9 (digit), A (letter), * (either) and signs that stand as they
    are, e.g. `999-9999`; none at all means the country has no postcodes. example is one
    that exists there. order names the fields as the country writes them, largest last. region_name,
    code_name and second_name are what a region, a postcode and a second line are called there.
    """

    postcodes: tuple[str, ...]
    example: str = ""
    needs_region: bool = False
    tax_ref: TaxRef = TaxRef.NONE
    order: tuple[str, ...] = ("name", "lines", "postcode", "city")
    region_name: str = N_("State, province or region")
    code_name: str = N_("Postcode")
    second_name: str = N_("Flat, floor, building")

    @property
    def is_in_digits(self) -> bool:
        """Whether every postcode is figures, so that a phone may offer these alone."""
        return all(set(pattern) <= set("9- ") for pattern in self.postcodes)


# What a file may call them: sentences stand in code, where they are gathered for translation.
_REGION_NAMES = {
    "state": N_("Federal state"),
    "province": N_("Province"),
    "prefecture": N_("Prefecture"),
    "emirate": N_("Emirate"),
}
_CODE_NAMES = {"zip_code": N_("ZIP code")}
_SECOND_NAMES = {"neighbourhood": N_("Flat, neighbourhood")}
_KNOWN = frozenset(
    (
        "postcodes",
        "example",
        "order",
        "needs_region",
        "regions",
        "region_name",
        "code_name",
        "second_name",
        "tax_ref",
        "other_letters",
    )
)


def _rule(_code: str, told: Mapping[str, Any]) -> AddressRule:
    only(told, _KNOWN)
    usual = AddressRule(())
    postcodes = tuple(told["postcodes"])
    example = str(told["example"]) if postcodes else ""
    if postcodes and not any(_fitted(_bare(example), p) == example for p in postcodes):
        raise ValueError(f"the example {example} is no postcode by {', '.join(postcodes)}")
    order = tuple(told.get("order", usual.order))
    if not {"name", "lines", "city"} <= set(order) <= set(_FIELDS):
        raise ValueError(f"order names {', '.join(order)}")
    region, code, second = (told.get(f"{part}_name") for part in ("region", "code", "second"))
    return AddressRule(
        postcodes,
        example,
        needs_region=bool(told.get("needs_region", False)),
        tax_ref=TaxRef(told.get("tax_ref", "")),
        order=order,
        region_name=_REGION_NAMES[region] if region else usual.region_name,
        code_name=_CODE_NAMES[code] if code else usual.code_name,
        second_name=_SECOND_NAMES[second] if second else usual.second_name,
    )


def address_rules(registry: Registry) -> dict[str, AddressRule]:
    """Return how addresses are written, by country.

    Source: Universal Postal Union, Addressing Solutions, country sheets, read November 2026.
    """
    return registry.each("addresses", _rule)


_FIELDS = ("name", "lines", "postcode", "city", "region")
_CITY_FIRST = ("name", "lines", "city", "region", "postcode")
_LARGEST_FIRST = ("postcode", "region", "city", "lines", "name")
_TOGETHER = {("postcode", "city"), ("region", "postcode")}
_LATIN_END = "\u0250"
_SEPARATORS = str.maketrans("", "", " -\u2010\u2011\u2013\u3012")


def in_order(
    country: str, *, lines: Sequence[str], postcode: str, city: str, region: str
) -> list[str]:
    """Return the parts of a place as its country writes them; what is empty leaves no gap.

    Countries that write the largest first turn that round in Latin letters. Shape: what belongs
    together is one part: `69001 Lyon`, `NY 12180`.
    """
    order = RULES[country].order if country in RULES else _FIELDS
    if order == _LARGEST_FIRST and all(sign < _LATIN_END for sign in "".join([*lines, city])):
        order = _CITY_FIRST
    if city in {region, REGIONS.get(country, {}).get(region)}:
        region = ""
    given = {"postcode": postcode, "city": city, "region": region}
    written: list[str] = []
    before = ""
    for name in order if "region" in order else (*order, "region"):
        if name == "lines":
            written += filter(None, lines)
        elif given.get(name) and given.get(before) and (before, name) in _TOGETHER:
            written[-1] += f" {given[name]}"
        elif given.get(name):
            written.append(given[name])
        before = name
    return written


def postcode(country: str, typed: str) -> str | None:
    """Return a postcode as the country writes it, None when it cannot be one.

    Spaces, dashes, case and a leading 〒 are forgiven; the country's own prefix may be left out.
    """
    bare = _bare(typed)
    for pattern in RULES[country].postcodes:
        own = country if pattern.startswith(f"{country}-") else ""
        written = _fitted(bare if bare.startswith(own) else own + bare, pattern)
        if written is not None:
            return written
    return None


def example(country: str) -> str:
    """Return a postcode of the country, empty where there is none."""
    return RULES[country].example


def is_cpf(typed: str) -> bool:
    """Whether eleven digits are a Brazilian CPF: two check digits modulo 11.

    Source: Receita Federal, Instrução Normativa RFB 1.548/2015.
    """
    digits = [int(sign) for sign in typed if sign.isdigit()]
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum(d * w for d, w in zip(digits, range(length + 1, 1, -1), strict=False))
        if digits[length] != total * 10 % 11 % 10:
            return False
    return True


def is_pccc(typed: str) -> bool:
    """Whether a text is a Korean personal customs code: P and twelve digits.

    Source: Korea Customs Service, personal customs clearance code.
    """
    bare = typed.strip().upper()
    return len(bare) == 13 and bare[0] == "P" and bare[1:].isdigit() and bare.isascii()


def _bare(typed: str) -> str:
    return typed.upper().translate(_SEPARATORS)


def _fitted(bare: str, pattern: str) -> str | None:
    signs, written = iter(bare), ""
    for place in pattern:
        if place in " -":
            written += place
            continue
        sign = next(signs, "")
        if not _fits(sign, place):
            return None
        written += sign
    return written if not next(signs, "") else None


def _fits(sign: str, place: str) -> bool:
    if not sign or not sign.isascii():
        return False
    if place == "9":
        return sign.isdigit()
    if place == "*":
        return sign.isalnum()
    # Other letters stand for themselves, as in the prefix LT-; A is any letter.
    return sign.isalpha() if place == "A" else sign == place


RULES = address_rules(countries.HOUSE)
# Where most people's names are written in letters that carriers elsewhere cannot read.
OTHER_LETTERS = frozenset(
    code for code, told in countries.HOUSE.part("addresses").items() if told.get("other_letters")
)
