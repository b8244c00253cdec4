"""What an address must hold, country by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.text import N_
from marketplace.buying.buyers.rules.phones import phone, phone_example, phone_forms, phone_in
from marketplace.buying.buyers.rules.regions import REGIONS, region

__all__ = [
    "OTHER_LETTERS",
    "REGIONS",
    "RULES",
    "AddressRule",
    "TaxRef",
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


# Where most people's names are written in letters that carriers elsewhere cannot read.
OTHER_LETTERS = frozenset({"AE", "BG", "CN", "CY", "GR", "HK", "JP", "KR"})
_WITH_REGION = ("name", "lines", "postcode", "city", "region")
_CITY_FIRST = ("name", "lines", "city", "region", "postcode")
_STATE, _PROVINCE, _EMIRATE = N_("Federal state"), N_("Province"), N_("Emirate")
_LARGEST_FIRST = ("postcode", "region", "city", "lines", "name")

# Source: Universal Postal Union, Addressing Solutions, country sheets, read November 2026.
RULES: dict[str, AddressRule] = {
    "AE": AddressRule(
        (), needs_region=True, order=("name", "lines", "city", "region"), region_name=_EMIRATE
    ),
    "AT": AddressRule(("9999",), "1010"),
    "AU": AddressRule(("9999",), "2000", needs_region=True, order=_CITY_FIRST, region_name=_STATE),
    "BE": AddressRule(("9999",), "1000"),
    "BG": AddressRule(("9999",), "1000"),
    "BR": AddressRule(
        ("99999-999",),
        "01310-100",
        needs_region=True,
        tax_ref=TaxRef.CPF,
        order=_CITY_FIRST,
        region_name=_STATE,
        second_name=N_("Flat, neighbourhood"),
    ),
    "CA": AddressRule(
        ("A9A 9A9",), "K1A 0B1", needs_region=True, order=_CITY_FIRST, region_name=_PROVINCE
    ),
    "CH": AddressRule(("9999",), "8001"),
    "CN": AddressRule(
        ("999999",), "100010", needs_region=True, order=_LARGEST_FIRST, region_name=_PROVINCE
    ),
    "CY": AddressRule(("9999",), "1010"),
    "CZ": AddressRule(("999 99",), "110 00"),
    "DE": AddressRule(("99999",), "10115"),
    "DK": AddressRule(("9999",), "1050"),
    "EE": AddressRule(("99999",), "10111"),
    "ES": AddressRule(("99999",), "28013", order=_WITH_REGION),
    "FI": AddressRule(("99999",), "00100"),
    "FR": AddressRule(("99999",), "69001"),
    "GB": AddressRule(
        ("A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"),
        "SW1A 1AA",
        order=_CITY_FIRST,
    ),
    "GR": AddressRule(("999 99",), "105 57"),
    "HK": AddressRule((), order=("name", "lines", "city", "region")),
    "HR": AddressRule(("99999",), "10000"),
    "HU": AddressRule(("9999",), "1051"),
    "IE": AddressRule(("A99 ****", "A9A ****"), "D02 AF30", order=_CITY_FIRST),
    "IT": AddressRule(("99999",), "00184", order=_WITH_REGION),
    "JP": AddressRule(
        ("999-9999",),
        "100-0001",
        needs_region=True,
        order=_LARGEST_FIRST,
        region_name=N_("Prefecture"),
    ),
    "KR": AddressRule(
        ("99999",),
        "04524",
        needs_region=True,
        tax_ref=TaxRef.PCCC,
        order=_LARGEST_FIRST,
        region_name=_PROVINCE,
    ),
    "LT": AddressRule(("LT-99999",), "LT-01100"),
    "LU": AddressRule(("9999",), "1111"),
    "LV": AddressRule(("LV-9999",), "LV-1050"),
    "MT": AddressRule(("AAA 9999",), "VLT 1117"),
    "NL": AddressRule(("9999 AA",), "1012 AB"),
    "PL": AddressRule(("99-999",), "00-950"),
    "PT": AddressRule(("9999-999",), "1100-148"),
    "RO": AddressRule(("999999",), "010011", order=_WITH_REGION),
    "SE": AddressRule(("999 99",), "111 20"),
    "SG": AddressRule(("999999",), "018956"),
    "SI": AddressRule(("9999",), "1000"),
    "SK": AddressRule(("999 99",), "811 01"),
    "US": AddressRule(
        ("99999", "99999-9999"),
        "10001",
        needs_region=True,
        order=_CITY_FIRST,
        region_name=_STATE,
        code_name=N_("ZIP code"),
    ),
}


def in_order(
    country: str, *, lines: Sequence[str], postcode: str, city: str, region: str
) -> list[str]:
    """Return the parts of a place as its country writes them; what is empty leaves no gap.

    Countries that write the largest first turn that round in Latin letters. Shape: what belongs
    together is one part: `69001 Lyon`, `NY 12180`.
    """
    order = RULES[country].order if country in RULES else _WITH_REGION
    if order is _LARGEST_FIRST and all(sign < _LATIN_END for sign in "".join([*lines, city])):
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


_TOGETHER = {("postcode", "city"), ("region", "postcode")}
_LATIN_END = "\u0250"
_SEPARATORS = str.maketrans("", "", " -\u2010\u2011\u2013\u3012")


def postcode(country: str, typed: str) -> str | None:
    """Return a postcode as the country writes it, None when it cannot be one.

    Spaces, dashes, case and a leading 〒 are forgiven; the country's own prefix may be left out.
    """
    bare = typed.upper().translate(_SEPARATORS)
    for pattern in RULES[country].postcodes:
        written = _fitted(bare, pattern)
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


def _fitted(bare: str, pattern: str) -> str | None:
    prefix = pattern.partition("-")[0]
    if prefix in {"LT", "LV"}:
        bare = bare if bare.startswith(prefix) else prefix + bare
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
    # L, T and V stand for themselves in the Baltic prefixes, A for any letter.
    return sign.isalpha() if place == "A" else sign == place
