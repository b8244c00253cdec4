"""What can go wrong with wallets."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_


class WalletUnknown(NotFound):
    """There is no such wallet for this owner."""

    code = "wallet_unknown"
    message = N_("We can't find that wallet.")


class WalletClosed(RuleBroken):
    """The owner closed the wallet in this currency for good. Shape: day is a date."""

    code = "wallet_closed"
    message = N_(
        "You closed your %(currency)s wallet on %(day)s, and a closed wallet can't be "
        "reopened. Use a wallet in another currency."
    )


class AccountClosed(RuleBroken):
    """The owner closed the whole account. Shape: day is a date."""

    code = "account_closed"
    message = N_("You closed your account on %(day)s. Contact us if you'd like to open one again.")


class CurrencyNotOffered(RuleBroken):
    """The bank keeps no wallets in this currency."""

    code = "currency_not_offered"
    message = N_("We don't offer wallets in %(currency)s.")


class MoreThanHeld(Invalid):
    """An exchange of more than the wallet has available. Shape: available and needed are Money."""

    code = "more_than_held"
    message = N_("Your wallet has %(available)s available, but this needs %(needed)s.")
