"""What can go wrong with wallets."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_


class WalletUnknown(NotFound):
    """There is no such wallet for this owner."""

    code = "wallet_unknown"
    message = N_("There is no such wallet.")


class WalletClosed(RuleBroken):
    """The owner closed the wallet in this currency for good. Shape: day is a date."""

    code = "wallet_closed"
    message = N_(
        "You closed your wallet in %(currency)s on %(day)s, and a closed wallet stays closed. Use "
        "a wallet in another currency."
    )


class AccountClosed(RuleBroken):
    """The owner closed the whole account. Shape: day is a date."""

    code = "account_closed"
    message = N_(
        "You closed your account on %(day)s. Write to us if you want to be a customer of the bank "
        "again."
    )


class CurrencyNotOffered(RuleBroken):
    """The bank keeps no wallets in this currency."""

    code = "currency_not_offered"
    message = N_("We do not keep wallets in %(currency)s.")


class MoreThanHeld(Invalid):
    """An exchange of more than the wallet has available. Shape: available and needed are Money."""

    code = "more_than_held"
    message = N_("Your wallet has %(available)s available; this takes %(needed)s.")
