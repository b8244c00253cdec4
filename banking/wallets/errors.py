"""What can go wrong with wallets."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class WalletUnknown(NotFound):
    """There is no such wallet for this owner."""

    code = "wallet_unknown"
    message = N_("There is no such wallet.")


class MoneyLeft(RuleBroken):
    """A customer who has money at the bank is its customer."""

    code = "money_left"
    message = N_("There is money in %(currency)s left. Pay it out first.")


class CurrencyNotOffered(RuleBroken):
    """The bank keeps no wallets in this currency."""

    code = "currency_not_offered"
    message = N_("We do not keep wallets in %(currency)s.")
