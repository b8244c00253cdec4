"""Why money does not go back to a card."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class RefundMoreThanLeft(RuleBroken):
    """More was asked for than is left of the top-up."""

    code = "refund_more_than_left"
    message = N_("%(left)s of this card payment can still go back to the card.")


class RefundTooLate(RuleBroken):
    """The card's bank takes nothing back any more."""

    code = "refund_too_late"
    message = N_(
        "Money can go back to a card within %(days)d days of the card payment. Send it to"
        " a bank account instead."
    )


class RefundUnknown(NotFound):
    """There is no such refund for this owner."""

    code = "card_refund_unknown"
    message = N_("We can't find that refund.")
