"""Accounts of countries that have no IBAN: how each writes them, and what of it can be checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from banking.authorisation.payees.errors import AccountUnreadable
from kernel.text import N_, CountryAlone

_WEIGHTS = (3, 7, 1)
# The first two digits of numbers that the American Bankers Association gives out.
_FEDERAL = frozenset({*range(13), *range(21, 33), *range(61, 73), 80})
_BANK = N_(
    "%(country)s: the bank code (%(code)s) is missing or wrong. Enter the account like "
    "this: %(example)s."
)
_NUMBER = N_(
    "%(country)s: the account number is missing or wrong. It has %(digits)s digits. Enter"
    " the account like this: %(example)s."
)
_CHECK = N_(
    "%(country)s: the check digit of %(code)s doesn't match. Check it character by character."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How a country writes accounts.

    Shape: bank is the pattern of the bank code, signs its length; digits the least and the most of
    the account number; checked says which of the two carries a check digit, if any; code is what
    the country's banks call the part that is told apart. An account has at most 34 signs.
    """

    code: str
    bank: str
    signs: int
    digits: tuple[int, int]
    example: str
    source: str
    checked: Literal["aba", "clabe"] | None = None


SCHEMES: Mapping[str, Scheme] = {
    "AU": Scheme(
        code="BSB",
        bank=r"\d{6}",
        signs=6,
        digits=(5, 9),
        example="AU 062000 12345678",
        source="Australian Payments Network, BSB procedures: bank, state, branch",
    ),
    "CA": Scheme(
        code="EFT",
        bank=r"0\d{8}",
        signs=9,
        digits=(7, 12),
        example="CA 000300012 1234567",
        source="Payments Canada, Rule E1 and standard 005: electronic routing number",
    ),
    "CN": Scheme(
        code="CNAPS",
        bank=r"\d{12}",
        signs=12,
        digits=(8, 20),
        example="CN 102290002433 6222021001234567890",
        source="People's Bank of China, CNAPS: twelve digits of bank, city and branch",
    ),
    "HK": Scheme(
        code="HKICL",
        bank=r"\d{3}",
        signs=3,
        digits=(9, 12),
        example="HK 004 123456789012",
        source="Hong Kong Interbank Clearing Limited, clearing codes: three digits; the"
        " number begins with the three digits of the branch",
    ),
    "IN": Scheme(
        code="IFSC",
        bank=r"[A-Z]{4}0[A-Z0-9]{6}",
        signs=11,
        digits=(9, 18),
        example="IN HDFC0000001 50100012345678",
        source="Reserve Bank of India, NEFT procedural guidelines: IFSC",
    ),
    "JP": Scheme(
        code="ZENGIN",
        bank=r"\d{7}",
        signs=7,
        digits=(7, 7),
        example="JP 0001001 1234567",
        source="Japanese Banks' Payment Clearing Network: bank of four digits, branch of"
        " three; ordinary accounts have seven digits with leading zeros",
    ),
    "KR": Scheme(
        code="KFTC",
        bank=r"\d{3}",
        signs=3,
        digits=(10, 16),
        example="KR 004 12345678901234",
        source="Korea Financial Telecommunications and Clearings Institute: bank codes",
    ),
    "MX": Scheme(
        code="CLABE",
        bank="",
        signs=0,
        digits=(18, 18),
        checked="clabe",
        example="MX 032180000118359719",
        source="Asociación de Bancos de México, CLABE: weights 3, 7, 1, modulo ten",
    ),
    "NZ": Scheme(
        code="Payments NZ",
        bank=r"\d{6}",
        signs=6,
        digits=(9, 10),
        example="NZ 010902 0068389000",
        source="Payments NZ, bank branch register: bank of two digits, branch of four;"
        " number of seven, suffix of two or three",
    ),
    "SG": Scheme(
        code="MAS",
        bank=r"\d{7}",
        signs=7,
        digits=(5, 11),
        example="SG 7171001 1234567890",
        source="Association of Banks in Singapore, GIRO: bank of four digits, branch of three",
    ),
    "US": Scheme(
        code="ABA",
        bank=r"\d{9}",
        signs=9,
        digits=(4, 17),
        checked="aba",
        example="US 021000021 123456789",
        source="American Bankers Association, routing number policy: weights 3, 7, 1,"
        " modulo ten; account numbers of at most 17 digits (Nacha)",
    ),
    "ZA": Scheme(
        code="BankservAfrica",
        bank=r"\d{6}",
        signs=6,
        digits=(7, 11),
        example="ZA 632005 4012345678",
        source="Payments Association of South Africa: universal branch codes",
    ),
}


def read(typed: str) -> str:
    """Return an account as it is kept: country, bank code and number with a space between.

    Shape: typed has no spaces or dashes, is in upper case and begins with a country of SCHEMES.
    Raises: AccountUnreadable with what is missing.
    """
    country, rest = typed[:2], typed[2:]
    scheme = SCHEMES[country]
    bank, number = rest[: scheme.signs], rest[scheme.signs :]
    least, most = scheme.digits
    about = {"country": CountryAlone(country), "code": scheme.code, "example": scheme.example}
    if not re.fullmatch(scheme.bank, bank, re.ASCII):
        raise AccountUnreadable(_BANK, **about)
    if not re.fullmatch(rf"\d{{{least},{most}}}", number, re.ASCII):
        digits = str(most) if least == most else f"{least}–{most}"
        raise AccountUnreadable(_NUMBER, digits=digits, **about)
    if not _fits(scheme, bank, number):
        raise AccountUnreadable(_CHECK, **about)
    return " ".join(part for part in (country, bank, number) if part)


def printed(account: str) -> str:
    """Return an account as people read it: an IBAN in groups of four, any other as it is kept."""
    if " " in account:
        return account
    return " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def _fits(scheme: Scheme, bank: str, number: str) -> bool:
    if scheme.checked == "aba":
        weighed = sum(int(digit) * _WEIGHTS[i % 3] for i, digit in enumerate(bank))
        return weighed % 10 == 0 and int(bank[:2]) in _FEDERAL
    if scheme.checked == "clabe":
        weighed = sum(int(digit) * _WEIGHTS[i % 3] % 10 for i, digit in enumerate(number[:17]))
        return -weighed % 10 == int(number[17])
    return True
