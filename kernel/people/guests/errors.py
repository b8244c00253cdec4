"""What can go wrong with guests."""

from __future__ import annotations

from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.text import N_, NP_


class TooManyGuests(LimitExceeded):
    """Too many people checked out without an account from one place."""

    code = "too_many_guests"
    message = NP_(
        "Too many new orders from your connection. Try again in %(minutes)d minute, or sign in.",
        "Too many new orders from your connection. Try again in %(minutes)d minutes, or sign in.",
        by="minutes",
    )


class AlreadyBought(RuleBroken):
    """A guest has paid; their address is where the confirmation went."""

    code = "already_bought"
    message = N_("You have already paid, so your email address can no longer be changed here.")


class GuestLinkOver(NotFound):
    """The link is none of ours, too old, or its guest is gone; a fresh one is a press away."""

    code = "guest_link_over"
    message = N_("This link has expired. We'll email you a new one.")
    way = "guests.find"
    watched = "link"


class TooManyGuestLinks(LimitExceeded):
    """Too many orders were looked for from one place."""

    code = "too_many_guest_links"
    message = NP_(
        "Too many links requested from your connection. Try again in %(minutes)d minute.",
        "Too many links requested from your connection. Try again in %(minutes)d minutes.",
        by="minutes",
    )
