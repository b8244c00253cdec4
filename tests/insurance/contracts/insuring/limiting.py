"""A limit that a person chooses for a wallet, and how much of it is used."""

from banking import api as bank
from banking.accounts.limits import service as limits
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money


def lower(wallet, amount, period=bank.Period.DAY):
    limits.choose(
        owner_id=wallet.owner_id,
        wallet_id=wallet.id,
        period=period,
        amount=Money.of(amount, "EUR"),
        actor=SYSTEM,
    )


def used(wallet, period=bank.Period.DAY):
    with reading():
        found = bank.standing_of(owner_id=wallet.owner_id)
    return next(s.used for s in found if (s.wallet_id, s.period) == (wallet.id, period))
