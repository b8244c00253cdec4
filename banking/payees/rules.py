"""What people type for an account, and what a handle may be; plain values in and out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from banking.payees.errors import AccountUnreadable, HandleUnfit

# Read aloud and typed on every keyboard: two look-alike letters cannot be told apart by an eye.
_HANDLE = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)*")
_SHORTEST, _LONGEST = 4, 24
# Names that would speak for the house.
_RESERVED = frozenset({
    "admin", "bank", "customs", "entrepot", "help", "insurance", "official", "payments",
    "root", "security", "service", "staff", "support", "system", "team",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Where money is to go. Shape: exactly one is set; iban compact, handle without its @."""

    iban: str = ""
    handle: str = ""

    @property
    def printed(self) -> str:
        """The account as people read it."""
        if self.handle:
            return f"@{self.handle}"
        return " ".join(self.iban[i : i + 4] for i in range(0, len(self.iban), 4))


def handle(typed: str) -> str:
    """Return a handle as it is kept: lower case, without the @.

    Raises: HandleUnfit.
    """
    name = typed.strip().removeprefix("@").lower()
    fits = _SHORTEST <= len(name) <= _LONGEST and _HANDLE.fullmatch(name)
    if not fits or set(re.split(r"[._\d]+", name)) & _RESERVED:
        raise HandleUnfit
    return name


def target(typed: str) -> Target:
    """Return what was typed as an account: `@name`, or an IBAN whose check digits fit.

    Raises: AccountUnreadable.
    """
    text = typed.strip()
    if text.startswith("@"):
        name = text.removeprefix("@").strip().lower()
        if not _HANDLE.fullmatch(name) or len(name) > _LONGEST:
            raise AccountUnreadable
        return Target(handle=name)
    try:
        return Target(iban=str(IBAN(text, validate_bban=True).compact))
    except (SchwiftyException, ValueError) as wrong:
        raise AccountUnreadable from wrong
