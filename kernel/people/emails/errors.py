"""What can go wrong with a new address."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound
from kernel.text import N_


class EmailLinkOver(NotFound):
    """The link is unknown, used, taken back or too old."""

    code = "email_link_over"
    message = N_("This link has expired. Request a new one on your security page.")
    watched = "link"


class SameEmail(Invalid):
    """The address is the person's already."""

    code = "same_email"
    message = N_("That's already your address.")
