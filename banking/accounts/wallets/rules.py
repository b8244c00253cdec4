"""Which currencies a wallet may be kept in, who may own one, and how its IBAN is made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from schwifty import IBAN

from kernel import currencies
from kernel.text import N_

# Currencies the bank keeps wallets in, in the order in which they are offered; a subset of what the
# house can price.
_PLACES: Mapping[str, int] = {
    code: wallets["place"] for code, wallets in currencies.part("wallets").items()
}
WALLET_CURRENCIES = tuple(sorted(_PLACES, key=lambda code: (_PLACES[code], code)))

# What stands in for a currency without wallets: the one every other is exchanged through.
STAND_IN = "EUR"

# Why a hold is there that its owner asked for: it ends when they say so, not by time.
SET_ASIDE = N_("Set aside in a pot")

# Bank number of the demonstration: not assigned in Luxembourg's register.
_COUNTRY, _BANK_CODE = "LU", "987"


class OwnerKind(StrEnum):
    """Who a wallet belongs to."""

    PERSON = "person"
    ORGANISATION = "organisation"
    HOUSE = "house"


def wallet_currency(currency: str) -> str:
    """Return what is paid in where something is priced in a currency: euro without wallets in it.

    Whoever buys pays in this, and whoever sells is paid in it.
    """
    return currency if currency in WALLET_CURRENCIES else STAND_IN


def iban_for(serial: int) -> str:
    """Return the valid IBAN of the wallet with a running number, without spaces."""
    number = IBAN.generate(_COUNTRY, bank_code=_BANK_CODE, account_code=str(serial))
    return str(number.compact)


def is_ours(iban: str) -> bool:
    """Whether an IBAN lies under this bank's number, whether or not a wallet has it."""
    return iban.startswith(_COUNTRY) and iban[4:7] == _BANK_CODE
