"""What can go wrong with a shop."""

from __future__ import annotations

from kernel.errors import Forbidden, NotFound, RuleBroken
from kernel.text import N_


class NoSuchVendor(NotFound):
    """There is no shop of that name."""

    code = "no_such_vendor"
    message = N_("There is no shop of that name here.")


class NotAVendor(Forbidden):
    """The person works for no company that keeps a shop."""

    code = "not_a_vendor"
    message = N_("Your account does not belong to a shop.")


class VendorNotActive(RuleBroken):
    """The shop is on holiday or suspended."""

    code = "vendor_not_active"
    message = N_("This shop is closed at the moment.")
