"""What is typed when a customer locks and unlocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from banking.authorisation.payees.errors import AccountUnreadable
from banking.authorisation.payees.queries import Target, numbered
from banking.core.ledger.service import Freeze
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
    """Somebody to pay without being asked. Shape: account is a number, no handle."""

    name: str
    account: Target

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewTrust:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        name, typed = reader.text("name", most=70), reader.text("account", most=60)
        account = Target()
        if typed:
            try:
                account = numbered(typed)
            except AccountUnreadable as wrong:
                reader.complain("account", wrong.why.msgid, **wrong.why.data)
        reader.done()
        return cls(name, account)
