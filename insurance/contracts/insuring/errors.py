"""Why cover is not bought."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class PromiseMissing(RuleBroken):
    """What is late is told from the carrier's promised day, which nobody named."""

    code = "cover_promise_missing"
    message = N_("To cover a late delivery, tell us the day the carrier promised.")


class PayingWalletMissing(RuleBroken):
    """A wallet in the price's currency is needed first."""

    code = "cover_paying_wallet_missing"
    message = N_("You need a wallet in %(currency)s first. Adding money opens it.")
