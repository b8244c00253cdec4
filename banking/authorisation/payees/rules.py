"""What people type for an account, and what a handle may be; plain values in and out."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import (
    InvalidCountryCode,
    NationalChecksumNotVerified,
    SchwiftyException,
)

from banking.authorisation.payees import accounts
from banking.authorisation.payees.accounts import SCHEMES
from banking.authorisation.payees.errors import AccountUnreadable, HandleUnfit
from kernel.text import N_, ascii_digits

# Read aloud and typed on every keyboard: two look-alike letters cannot be told apart by an eye.
_HANDLE = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)*")
_SHORTEST, _LONGEST = 4, 24
# Names that would speak for the house.
_RESERVED = frozenset(
    {
        "admin",
        "bank",
        "customs",
        "entrepot",
        "help",
        "insurance",
        "official",
        "payments",
        "root",
        "security",
        "service",
        "staff",
        "support",
        "system",
        "team",
    }
)

# What people put between the groups of a number.
_BETWEEN = re.compile(r"[\s\-–‑./]+")
_NO_COUNTRY = N_(
    "Enter an IBAN, or a handle like @camille. For countries without IBANs, enter "
    "country, bank code and account number, like %(example)s."
)

_NO_HANDLE = N_("Enter an account number, not a handle.")
_NO_IBAN = N_("Enter an IBAN. One character is wrong, so please check it.")
_NO_COUNTRY_OR_HANDLE = N_(
    "Enter an IBAN. For countries without IBANs, enter country, bank code and account "
    "number, like %(example)s."
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where money is to go. Shape: exactly one is set.

    An account is a compact IBAN, or country, bank code and number with a space between; a handle
    stands without its @.
    """

    account: str = ""
    handle: str = ""

    @property
    def printed(self) -> str:
        """The account as people read it."""
        return f"@{self.handle}" if self.handle else accounts.printed(self.account)

    @property
    def country(self) -> str:
        """The country of the account's bank, empty for a handle."""
        return self.account[:2]

    @property
    def ending(self) -> str:
        """The last signs, by which people know an account again."""
        return self.account[-4:]


def handle(typed: str) -> str:
    """Return a handle as it is kept: lower case, without the @.

    Raises: HandleUnfit.
    """
    name = typed.strip().removeprefix("@").lower()
    fits = _SHORTEST <= len(name) <= _LONGEST and _HANDLE.fullmatch(name)
    if not fits or set(re.split(r"[._\d]+", name)) & _RESERVED:
        raise HandleUnfit
    return name


def _iban(compact: str) -> str:
    with warnings.catch_warnings():
        # Some countries have check digits of their own that nobody outside can verify.
        warnings.simplefilter("ignore", NationalChecksumNotVerified)
        return str(IBAN(compact, validate_bban=True).compact)


def target(typed: str) -> Target:
    """Return what was typed as an account: `@name`, an IBAN, or country, bank code and number.

    Spaces, dashes, small letters and digits of other scripts are as good. Raises: AccountUnreadable
    with what is missing.
    """
    return _read(typed, takes_handles=True)


def numbered(typed: str) -> Target:
    """Return what was typed as an account with a number, where a handle would not do.

    A handle may change hands, and no other bank knows it. Raises: AccountUnreadable.
    """
    return _read(typed, takes_handles=False)


def _read(typed: str, *, takes_handles: bool) -> Target:
    text = ascii_digits(typed)
    if text.startswith("@"):
        if not takes_handles:
            raise AccountUnreadable(_NO_HANDLE)
        name = text.removeprefix("@").strip().lower()
        if not _HANDLE.fullmatch(name) or len(name) > _LONGEST:
            raise AccountUnreadable
        return Target(handle=name)
    compact = _BETWEEN.sub("", text).upper()
    # A word is no account: whoever forgot the @ of a handle is told of handles.
    if compact[:2] in SCHEMES and re.search(r"[0-9]", compact):
        return Target(account=accounts.read(compact))
    try:
        return Target(account=_iban(compact))
    except InvalidCountryCode as wrong:
        why = _NO_COUNTRY if takes_handles else _NO_COUNTRY_OR_HANDLE
        raise AccountUnreadable(why, example=SCHEMES["US"].example) from wrong
    except (SchwiftyException, ValueError) as wrong:
        why = AccountUnreadable.message if takes_handles else _NO_IBAN
        raise AccountUnreadable(why) from wrong
