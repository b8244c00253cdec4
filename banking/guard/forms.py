"""What is typed when a customer locks and unlocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from banking.guard.errors import NotAnIban
from banking.ledger.service import Freeze
from kernel.text import Message
from kernel.web import Reader

_CHOICES = {"debit": Freeze.DEBIT, "credit": Freeze.CREDIT, "all": Freeze.ALL}


@dataclass(frozen=True, slots=True)
class FreezeChoice:
    """What the wallets shall refuse."""

    freeze: Freeze

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> FreezeChoice:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        chosen = reader.choice("what", _CHOICES)
        reader.done()
        return cls(_CHOICES[chosen])


@dataclass(frozen=True, slots=True)
class NewTrust:
    """Somebody to pay without being asked. Shape: iban without spaces."""

    name: str
    iban: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewTrust:
        """Read the form. Raises: Invalid, NotAnIban."""
        reader = Reader(form)
        name, typed = reader.text("name", most=70), reader.text("account", most=42)
        reader.done()
        try:
            iban = IBAN(typed, validate_bban=True).compact
        except SchwiftyException as error:
            raise NotAnIban({"account": Message(NotAnIban.message)}) from error
        return cls(name, str(iban))
