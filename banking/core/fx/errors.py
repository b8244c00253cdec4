"""What can go wrong with rates, quotes and exchanges."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class NoRate(RuleBroken):
    """Nobody publishes a rate for one of the currencies that we may use."""

    code = "no_rate"
    message = N_("There's no reference rate from %(base)s to %(quote)s.")


class StaleRate(RuleBroken):
    """The newest rate is older than its source's limit; it is never used."""

    code = "stale_rate"
    message = N_(
        "The latest reference rate from %(base)s to %(quote)s is from %(rate_on)s, which "
        "is too old to use."
    )


class AmountTooSmall(RuleBroken):
    """The amount is worth less than the smallest unit of the other currency."""

    code = "amount_too_small"
    message = N_("%(amount)s is too little to exchange.")


class SameCurrency(RuleBroken):
    """An exchange needs two currencies."""

    code = "same_currency"
    message = N_("Choose two different currencies.")


class NoTerms(RuleBroken):
    """No margin is in force for the pair."""

    code = "no_fx_terms"
    message = N_("We don't exchange %(sell)s to %(buy)s right now.")


class QuoteUnknown(NotFound):
    """There is no such quote for this owner."""

    code = "quote_unknown"
    message = N_("We can't find that exchange quote.")


class QuoteExpired(RuleBroken):
    """The time of the quote is over; nothing was booked."""

    code = "quote_expired"
    message = N_("This quote has expired. Nothing was exchanged. Get a new one.")


class QuoteUsed(Conflict):
    """The quote was used already."""

    code = "quote_used"
    message = N_("This quote has already been used.")


class QuoteAltered(Conflict):
    """The stored quote is not the one the bank signed."""

    code = "quote_altered"
    message = N_("This quote can't be used. Get a new one.")


class RefundTooLarge(RuleBroken):
    """More would go back than came."""

    code = "fx_refund_too_large"
    message = N_("At most %(left)s of this exchange can still be reversed.")
