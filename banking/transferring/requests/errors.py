"""What can go wrong with requests for money and with codes."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_, Message


class RequestUnknown(NotFound):
    """There is no such request."""

    code = "request_unknown"
    message = N_("We can't find that request.")
    watched = "link"


class RequestOver(RuleBroken):
    """The request was paid, withdrawn, or its time is over."""

    code = "request_over"
    message = N_("This request is closed: it was paid, cancelled or has expired.")


class CodeUnreadable(Invalid):
    """The picture or text holds no payment code."""

    code = "code_unreadable"
    message = N_(
        "We couldn't find a payment code. Take the photo straight from above, with the "
        "whole code in it."
    )

    def __init__(self) -> None:
        super().__init__({"code": Message(self.message)})
