"""Why a purchase by card does not go on."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class PurchaseUnknown(NotFound):
    """There is no such purchase."""

    code = "purchase_unknown"
    message = N_("We can't find that payment.")


class PurchaseNotPaid(RuleBroken):
    """The card has not paid yet."""

    code = "purchase_not_paid"
    message = N_("Your card payment hasn't arrived yet.")


class PurchaseOver(Conflict):
    """The money is with an order already, or on its way back to the card."""

    code = "purchase_over"
    message = N_("This card payment has already been used or refunded.")


class PurchaseOfAnother(NotFound):
    """The purchase is somebody else's already."""

    code = "purchase_of_another"
    message = N_("We can't find that payment.")


class PurchaseDisputed(RuleBroken):
    """Its cardholder asks the money back by their bank before any order has it."""

    code = "purchase_disputed"
    message = N_("This card payment is disputed. Pay with another card.")


class PurchaseNeedsIdentity(RuleBroken):
    """The law asks who pays so much.

    Shape: why is single, mail or card: this payment alone, or what its mail address or its card
    paid lately.
    """

    code = "purchase_needs_identity"
    message = N_(
        "By law, we need to know who you are from %(limit)s. Confirm your identity once, "
        "and you can pay."
    )


class PurchaseDiffers(RuleBroken):
    """The card paid another sum than the order now asks of it."""

    code = "purchase_differs"
    message = N_("The card paid %(paid)s, but the order now costs %(due)s.")


class PurchaseCreditUnknown(NotFound):
    """The link is over, or nothing waits any more."""

    code = "purchase_credit_unknown"
    message = N_("This link no longer works. Use the one in our latest email.")
    watched = "link"


class PurchaseCreditOver(Conflict):
    """Somebody chose already."""

    code = "purchase_credit_over"
    message = N_("This money is already on its way.")


class CardTakesNoMore(RuleBroken):
    """Everything that the card paid went back to it, or its bank takes nothing any more."""

    code = "card_takes_no_more"
    message = N_("Nothing more can go back to this card. Choose a wallet.")
