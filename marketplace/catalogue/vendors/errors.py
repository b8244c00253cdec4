"""What can go wrong with a shop."""

from __future__ import annotations

from kernel.errors import Forbidden, NotFound
from kernel.text import N_


class NoSuchVendor(NotFound):
    """There is no shop of that name."""

    code = "no_such_vendor"
    message = N_("There's no shop with that name here.")


class NotAVendor(Forbidden):
    """The person works for no company that keeps a shop."""

    code = "not_a_vendor"
    message = N_("Your account doesn't belong to a shop.")
