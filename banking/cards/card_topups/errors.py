"""What can go wrong with money from cards."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken, Upstream
from kernel.text import N_


class TopUpTooSmall(RuleBroken):
    """Below the smallest amount a card may bring."""

    code = "top_up_too_small"
    message = N_("You can add %(smallest)s or more by card.")


class TopUpTooLarge(RuleBroken):
    """Above the largest amount a card may bring at once."""

    code = "top_up_too_large"
    message = N_("You can add up to %(largest)s by card at a time.")


class NoCardLimits(RuleBroken):
    """Cards are not taken in this currency."""

    code = "cards_not_taken"
    message = N_("Cards can't pay in %(currency)s. Add money to another wallet and exchange it.")


class CardAmountUneven(RuleBroken):
    """The network wants the last of three digits to be zero."""

    code = "card_amount_uneven"
    message = N_("Card payments in %(currency)s have to end in 0.")


class PaymentUnknown(NotFound):
    """There is no such payment for this owner."""

    code = "payment_unknown"
    message = N_("We can't find that payment.")


class WebhookRefused(Invalid):
    """A webhook that the card network did not sign, or signed too long ago."""

    code = "webhook_refused"
    status = 400
    message = N_("This message doesn't carry the card network's signature.")
    watched = "webhook"


class WebhookUnreadable(Invalid):
    """A webhook with the card network's signature that says nothing we could keep."""

    code = "webhook_unreadable"
    status = 400
    message = N_("This message is signed, but it isn't what the card network sends.")


class CardNetworkDown(Upstream):
    """The card network did not answer; asking again is safe."""

    code = "card_network_down"
    message = N_(
        "The card network isn't responding. If you paid, the money will arrive "
        "automatically, and you'll never be charged twice."
    )


class CardPageDown(CardNetworkDown):
    """The card network did not answer when its page was to be opened; no card was asked yet."""

    code = "card_page_down"
    message = N_(
        "The card network isn't responding, so nothing has been charged. "
        "Please try again in a moment."
    )


class CardNetworkRefused(Upstream):
    """The card network did not understand us; asking again does not help."""

    code = "card_network_refused"
    status = 502
    message = N_("The card network declined the payment. Nothing was charged.")
    retryable = False


class CardDeclined(CardNetworkRefused):
    """The bank of a saved card said no."""
