"""What can go wrong between the house and the payment rail."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken, Upstream
from kernel.text import N_


class RailDown(Upstream):
    """The rail did not answer; sending again with the same key is safe."""

    code = "rail_down"
    message = N_("The payment network isn't responding. We'll try again automatically.")


class RailRefused(Upstream):
    """The rail took the payment and refuses it. Shape: reason is an ISO 20022 code."""

    code = "rail_refused"
    status = 502
    message = N_("The payment network declined the transfer (%(reason)s).")
    retryable = False

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class RailNotOffered(RuleBroken):
    """No rail carries this currency out of the house."""

    code = "rail_not_offered"
    message = N_(
        "You can't send %(currency)s to other banks from here. Exchange it first, or pay "
        "a wallet here."
    )


class RailDoesNotReach(RuleBroken):
    """The rail of the currency does not go to the account's country; those of others do.

    Shape: offered are the codes of the currencies that do.
    """

    code = "rail_does_not_reach"
    message = N_(
        "%(country)s: banks there accept %(offered)s from us, not %(currency)s. Exchange "
        "first, or choose another account."
    )


class CountryNotReached(RuleBroken):
    """No rail goes to the account's country."""

    code = "country_not_reached"
    message = N_("%(country)s: we can't reach banks there.")


class NoticeUnreadable(Invalid):
    """A message of the rail that is no camt.054 we understand."""

    code = "notice_unreadable"
    status = 400
    message = N_("This message isn't a booking notification.")
