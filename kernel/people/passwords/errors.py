"""What can go wrong with a forgotten password."""

from __future__ import annotations

from kernel.errors import LimitExceeded, NotFound
from kernel.text import N_, NP_


class PasswordLinkOver(NotFound):
    """The link is unknown, used, too old, or a later one was sent."""

    code = "password_link_over"
    message = N_("This link has expired. Request a new one under “Forgot your password?”.")
    watched = "link"


class TooManyLinks(LimitExceeded):
    """Too many links were asked for from one place."""

    code = "too_many_links"
    message = NP_(
        "Too many links requested from your connection. Try again in %(minutes)d minute.",
        "Too many links requested from your connection. Try again in %(minutes)d minutes.",
        by="minutes",
    )
