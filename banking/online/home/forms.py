"""What is typed on the bank's pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from banking.accounts.wallets.queries import WALLET_CURRENCIES
from banking.core.fx.queries import Side
from kernel.money import Money, exponent
from kernel.text import N_
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class OpenWallet:
    """A further currency."""

    currency: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> OpenWallet:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.choice("currency", WALLET_CURRENCIES))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money by card; key makes a second press of the button harmless."""

    amount: Money
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> TopUp:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        currency = reader.choice("currency", WALLET_CURRENCIES)
        reader.done()
        amount = reader.money("amount", currency)
        if exponent(currency) == 3 and amount.minor % 10:
            reader.complain("amount", N_("Card amounts in this currency have to end in 0."))
        read = cls(amount, reader.uuid("key"))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange; whichever of its two amounts was typed is kept exactly."""

    give: str
    get: str
    side: Side
    amount: Money

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Exchange:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        give = reader.choice("give", WALLET_CURRENCIES)
        get = reader.choice("get", WALLET_CURRENCIES)
        if give == get:
            reader.complain("get", N_("Choose two different currencies."))
        is_bought = bool(form.get("get_amount", "").strip())
        if is_bought and form.get("give_amount", "").strip():
            reader.complain(
                "get_amount", N_("Enter one of the two amounts and we'll work out the other.")
            )
        reader.done()
        if is_bought:
            read = cls(give, get, Side.BUY, reader.money("get_amount", get))
        else:
            read = cls(give, get, Side.SELL, reader.money("give_amount", give))
        reader.done()
        return read
