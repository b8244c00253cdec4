"""What can go wrong between the house and the payment rail."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken, Upstream
from kernel.text import N_


class RailDown(Upstream):
    """The rail did not answer; sending again with the same key is safe."""

    code = "rail_down"
    message = N_("The payment network does not answer. We try again by ourselves.")


class RailRefused(Upstream):
    """The rail took the payment and refuses it. Shape: reason is an ISO 20022 code."""

    code = "rail_refused"
    status = 502
    message = N_("The payment network refused the transfer (%(reason)s).")
    retryable = False

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class RailNotOffered(RuleBroken):
    """No rail carries this currency out of the house."""

    code = "rail_not_offered"
    message = N_(
        "To accounts of other banks we send %(offered)s only. Exchange first, or pay a wallet here."
    )


class NoticeUnreadable(Invalid):
    """A message of the rail that is no camt.054 we understand."""

    code = "notice_unreadable"
    status = 400
    message = N_("This message is no booking notification.")
