"""What can go wrong between cart and order."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class CheckoutOver(Conflict):
    """The checkout was paid or left."""

    code = "checkout_over"
    message = N_("This checkout has ended. Please start again from your cart.")


class ReservationEnded(Conflict):
    """The goods were kept for half an hour and that time is over."""

    code = "checkout_reservation_ended"
    message = N_("We held your items until %(until)s. Please start again from your cart.")


class TotalChanged(Conflict):
    """The sum is another one than the page showed."""

    code = "checkout_total_changed"
    message = N_("The total is now %(new)s, not %(old)s. Please look again before you pay.")


class QuoteEnded(Conflict):
    """Rates and fees were promised until an instant that is over; new ones are on the page."""

    code = "checkout_quote_ended"
    message = N_("The rates on this page have expired. We've fetched new ones; please look again.")


class CardBegun(Conflict):
    """A card may still pay the sum that its network's page shows, in the currency it had."""

    code = "checkout_card_begun"
    message = N_(
        "You've opened the card page for %(total)s. Pay it there, or start again from your cart to "
        "pay in another currency."
    )


class NoAddress(NotFound):
    """The page needs an address first."""

    code = "checkout_no_address"
    message = N_("Please add your address first.")


class NotOffered(RuleBroken):
    """A delivery or cover was chosen that this parcel does not have."""

    code = "checkout_choice_not_offered"
    message = N_("That choice isn't offered for this parcel. Please choose again.")


class NotBuyable(Conflict):
    """A line of the cart cannot be bought as it stands."""

    code = "cart_not_buyable"
    message = N_("Some items in your cart can't be bought as they are. Please see the notes.")


class WalletTooSmall(RuleBroken):
    """The wallet holds less than the order costs."""

    code = "wallet_too_small"
    message = N_("Your wallet has %(available)s; %(missing)s is missing. Please add money.")


class NothingFits(RuleBroken):
    """No line of the cart can go to the address."""

    code = "checkout_nothing_fits"
    message = N_("Nothing in your cart can be sent to this address. %(reason)s")


class CoverUnread(RuleBroken):
    """A cover is chosen whose product information was not opened, or not stated to be read."""

    code = "checkout_cover_unread"
    message = N_("You've chosen cover: open what's covered and what isn't first, then pay.")


class BusinessUnnamed(RuleBroken):
    """An order is for a business, and nobody has said which."""

    code = "checkout_business_unnamed"
    message = N_("Enter the name of your business.")
